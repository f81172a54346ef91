package dev.modelfamily.trainer.data;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a token set as a stream: the same documents give the same bytes. The files get their names when all of them is
 * written, the manifest last; closing the writer before {@link #finish} leaves no set.
 */
public final class TokenSetWriter implements AutoCloseable {
    private static final int BUFFER = 1 << 20;

    private final Path folder;
    private final int vocabulary;
    private final int endOfText;
    private final boolean narrow;
    private final ContentDigest digest = new ContentDigest();
    private final Out ids;
    private final Out starts;
    private long tokens;
    private long documents;
    private boolean inDocument;

    /**
     * Starts a set; what an earlier, broken attempt left in the folder is overwritten.
     *
     * @param vocabulary ids must be below it
     * @param endOfText the id that is put between two documents
     */
    public TokenSetWriter(Path folder, int vocabulary, int endOfText) {
        this.folder = folder;
        this.vocabulary = vocabulary;
        this.endOfText = endOfText;
        this.narrow = TokenManifest.idBytes(vocabulary) == Short.BYTES;
        checkId(endOfText);
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(folder.resolve(TokenManifest.MANIFEST));
            this.ids = new Out(folder.resolve(TokenManifest.TOKENS));
            this.starts = new Out(folder.resolve(TokenManifest.DOCUMENTS));
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /** Adds tokens to the document that is open, or opens one where there are any. */
    public void append(int[] tokenIds) {
        if (tokenIds.length == 0) {
            return;
        }
        try {
            if (!inDocument) {
                if (documents > 0) {
                    put(endOfText);
                }
                starts.room(Long.BYTES).putLong(tokens);
                documents++;
                inDocument = true;
            }
            for (int id : tokenIds) {
                checkId(id);
                put(id);
            }
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /** Ends the document that is open; what is appended next belongs to another. */
    public void endDocument() {
        inDocument = false;
    }

    /** The tokens written so far, separators included. */
    public long tokens() {
        return tokens;
    }

    /**
     * Completes the set.
     *
     * @param badLines to record
     * @param tokenizer the digest of the tokenizer that made the ids
     * @param source what the set was made from
     * @param revision what the source was resolved to
     */
    public TokenManifest finish(long badLines, String tokenizer, String source, String revision) {
        try {
            ids.finish();
            starts.finish();
            digest.update(ids.temporary);
            digest.update(starts.temporary);
            ids.rename();
            starts.rename();
        } catch (IOException e) {
            throw cannotWrite(e);
        }
        TokenManifest manifest = new TokenManifest(
                TokenManifest.VERSION,
                digest.finish(),
                tokens,
                documents,
                badLines,
                tokenizer,
                vocabulary,
                endOfText,
                source,
                revision);
        Json.writeAtomically(folder.resolve(TokenManifest.MANIFEST), manifest);
        return manifest;
    }

    @Override
    public void close() {
        try (ids;
                starts) {
            inDocument = false;
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private void put(int id) throws IOException {
        if (narrow) {
            ids.room(Short.BYTES).putShort((short) id);
        } else {
            ids.room(Integer.BYTES).putInt(id);
        }
        tokens++;
    }

    private void checkId(int id) {
        if (id < 0 || id >= vocabulary) {
            throw new StageException(
                    ExitCode.BAD_DATA,
                    "token id " + id + " is outside the vocabulary of " + vocabulary
                            + ": the tokenizer does not match the model's embedding");
        }
    }

    private StageException cannotWrite(IOException e) {
        return new StageException(
                ExitCode.UNREACHABLE, "cannot write the token set " + folder + ": " + e.getMessage(), e);
    }

    /** A buffered little endian file that has a temporary name until it is whole. */
    private static final class Out implements AutoCloseable {
        private final Path file;
        private final Path temporary;
        private final FileChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);

        Out(Path file) throws IOException {
            this.file = file;
            this.temporary = file.resolveSibling(file.getFileName() + ".tmp");
            this.channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING);
        }

        ByteBuffer room(int bytes) throws IOException {
            if (buffer.remaining() < bytes) {
                flush();
            }
            return buffer;
        }

        void finish() throws IOException {
            flush();
            channel.force(true);
            channel.close();
        }

        void rename() throws IOException {
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }

        private void flush() throws IOException {
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            buffer.clear();
        }

        @Override
        public void close() throws IOException {
            channel.close();
            Files.deleteIfExists(temporary);
        }
    }
}
