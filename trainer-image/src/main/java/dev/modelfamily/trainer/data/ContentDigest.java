package dev.modelfamily.trainer.data;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of streamed bytes, written {@code sha256:<64 hex digits>}. */
public final class ContentDigest {
    private static final int PART = 1 << 20;

    private final MessageDigest digest = algorithm("SHA-256");

    /** A digest algorithm that every Java platform must have. */
    public static MessageDigest algorithm(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new StageException(ExitCode.BUG, "this Java has no " + name, e);
        }
    }

    /** The digest of some bytes. */
    public static String of(byte[] bytes) {
        ContentDigest digest = new ContentDigest();
        digest.update(ByteBuffer.wrap(bytes));
        return digest.finish();
    }

    /** The digest of the UTF-8 bytes of a text. */
    public static String of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds the bytes that the buffer has left. */
    public void update(ByteBuffer bytes) {
        digest.update(bytes);
    }

    /** Adds all bytes of a file. */
    public void update(Path file) throws IOException {
        byte[] part = new byte[PART];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(part); n >= 0; n = in.read(part)) {
                digest.update(part, 0, n);
            }
        }
    }

    /** Adds all bytes of a segment, of any size. */
    public void update(MemorySegment bytes) {
        for (long at = 0; at < bytes.byteSize(); at += PART) {
            long size = Math.min(PART, bytes.byteSize() - at);
            digest.update(bytes.asSlice(at, size).asByteBuffer());
        }
    }

    /** The digest of all that was added; the object is spent. */
    public String finish() {
        return "sha256:" + HexFormat.of().formatHex(digest.digest());
    }
}
