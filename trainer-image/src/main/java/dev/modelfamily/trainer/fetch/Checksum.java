package dev.modelfamily.trainer.fetch;

import dev.modelfamily.trainer.data.ContentDigest;
import dev.modelfamily.trainer.weights.MappedFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What the Hub says of a file's bytes: the SHA-256 of a large file, or the name that Git gives a small one, which is the SHA-1
 * of {@code blob SIZE\0} and the bytes.
 *
 * @param hex 64 or 40 digits; empty where the Hub says nothing
 */
record Checksum(String hex) {
    private static final int PART = 1 << 20;

    /** Nothing is known of the bytes. */
    static final Checksum NONE = new Checksum("");

    /** The checksum that an entity tag is, if it is one. */
    static Checksum ofTag(String tag) {
        String bare = tag.replaceFirst("^W/", "").replace("\"", "").toLowerCase(Locale.ROOT);
        return bare.matches("[0-9a-f]{40}|[0-9a-f]{64}") ? new Checksum(bare) : NONE;
    }

    /** Whether there is anything to compare with. */
    boolean known() {
        return !hex.isEmpty();
    }

    /** The checksum of the same kind of a file. */
    Checksum of(Path file) {
        try {
            return hex.length() == 40 ? git(file) : digest(file, ContentDigest.algorithm("SHA-256"));
        } catch (IOException e) {
            throw MappedFile.unreadable(file, e);
        }
    }

    private static Checksum git(Path file) throws IOException {
        MessageDigest digest = ContentDigest.algorithm("SHA-1");
        digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
        return digest(file, digest);
    }

    private static Checksum digest(Path file, MessageDigest digest) throws IOException {
        byte[] part = new byte[PART];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(part); n >= 0; n = in.read(part)) {
                digest.update(part, 0, n);
            }
        }
        return new Checksum(HexFormat.of().formatHex(digest.digest()));
    }
}
