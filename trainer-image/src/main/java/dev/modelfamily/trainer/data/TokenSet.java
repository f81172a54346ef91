package dev.modelfamily.trainer.data;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;

/**
 * A tokenised corpus, memory-mapped: {@code tokens.bin} with the ids one after the other (little endian; two bytes each for a
 * vocabulary up to 65,536, else four), {@code documents.bin} with the 64-bit little endian index of each document's first
 * token, and {@code manifest.json}. Between two documents stands the tokenizer's end-of-text id; a set of one document
 * holds no special token.
 */
public final class TokenSet implements Tokens, AutoCloseable {
    /** The names of the files of a set; the last one is that which makes it whole. */
    public static final List<String> FILES =
            List.of(TokenManifest.TOKENS, TokenManifest.DOCUMENTS, TokenManifest.MANIFEST);

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path folder;
    private final TokenManifest manifest;
    private final Arena arena;
    private final MemorySegment ids;
    private final MemorySegment starts;

    @SuppressWarnings("MustBeClosedChecker") // the arena lives as long as this set and is closed by close()
    private TokenSet(Path folder, TokenManifest manifest) {
        this.folder = folder;
        this.manifest = manifest;
        this.arena = Arena.ofShared();
        boolean whole = false;
        try {
            this.ids = map(TokenManifest.TOKENS, Math.multiplyExact(manifest.tokens(), (long) manifest.idBytes()));
            this.starts = map(TokenManifest.DOCUMENTS, Math.multiplyExact(manifest.documents(), (long) Long.BYTES));
            whole = true;
        } finally {
            if (!whole) {
                arena.close();
            }
        }
    }

    /**
     * Opens a token set and checks that its files have the sizes that its manifest says. The content is checked by
     * {@link #verify()}.
     *
     * @throws StageException {@link ExitCode#NOT_FOUND} where there is no finished set, {@link ExitCode#BAD_DATA} where it is
     *     damaged
     */
    public static TokenSet open(Path folder) {
        return new TokenSet(folder, manifest(folder));
    }

    /** Reads the manifest alone. */
    public static TokenManifest manifest(Path folder) {
        Path file = folder.resolve(TokenManifest.MANIFEST);
        if (!Files.exists(file)) {
            throw new StageException(
                    ExitCode.NOT_FOUND,
                    folder + " is not a finished token set: " + TokenManifest.MANIFEST
                            + " is missing; prepare it again");
        }
        TokenManifest manifest = Json.read(file, TokenManifest.class);
        if (manifest.version() != TokenManifest.VERSION) {
            throw new StageException(
                    ExitCode.BAD_DATA,
                    file + " has version " + manifest.version() + "; this program reads version "
                            + TokenManifest.VERSION + "; prepare the set again");
        }
        return manifest;
    }

    /** What the manifest says. */
    public TokenManifest manifest() {
        return manifest;
    }

    @Override
    public long count() {
        return manifest.tokens();
    }

    @Override
    public void read(long offset, int count, MemorySegment target) {
        Objects.checkFromIndexSize(offset, (long) count, manifest.tokens());
        if (manifest.idBytes() == Short.BYTES) {
            for (int i = 0; i < count; i++) {
                int id = Short.toUnsignedInt(ids.get(SHORT, (offset + i) * Short.BYTES));
                target.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i, id);
            }
        } else {
            for (int i = 0; i < count; i++) {
                target.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i, ids.get(INT, (offset + i) * Integer.BYTES));
            }
        }
    }

    /** The index of the first token of a document. */
    public long documentStart(long document) {
        Objects.checkIndex(document, manifest.documents());
        return starts.get(LONG, document * Long.BYTES);
    }

    /**
     * Computes the digest of the files and compares it with the manifest: reads the whole set once.
     *
     * @throws StageException {@link ExitCode#BAD_DATA} where they differ
     */
    public void verify() {
        ContentDigest digest = new ContentDigest();
        digest.update(ids);
        digest.update(starts);
        String found = digest.finish();
        if (!found.equals(manifest.digest())) {
            throw new StageException(
                    ExitCode.BAD_DATA,
                    folder + " was changed: its manifest says " + manifest.digest() + ", the files give " + found
                            + "; delete the folder and prepare it again");
        }
    }

    @Override
    public void close() {
        arena.close();
    }

    private MemorySegment map(String name, long bytes) {
        Path file = folder.resolve(name);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() != bytes) {
                throw new StageException(
                        ExitCode.BAD_DATA,
                        file + " has " + channel.size() + " bytes where its manifest asks for " + bytes
                                + "; delete the folder and prepare it again");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena);
        } catch (NoSuchFileException e) {
            throw new StageException(ExitCode.BAD_DATA, file + " is missing; prepare the set again", e);
        } catch (IOException e) {
            throw new StageException(ExitCode.UNREACHABLE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
