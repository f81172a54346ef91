package dev.modelfamily.trainer.recover;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.data.ContentDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of JSON lines that grows during a run. Without times, so that a resumed run writes the same bytes: it goes back to the
 * {@link Mark} of its checkpoint and drops what a lost run wrote behind it.
 */
public final class LineLog implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    /**
     * How far a log was at a checkpoint.
     *
     * @param digest {@code sha256:<64 hex digits>} of these bytes
     */
    public record Mark(long bytes, String digest) {
        /** The mark of an empty log. */
        public static final Mark START = new Mark(0, ContentDigest.of(new byte[0]));
    }

    /** Opens a log, which is made if needed. */
    public LineLog(Path file) {
        this.file = file;
        try {
            this.channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channel.position(channel.size());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Whether the log still has the bytes of a mark. */
    public boolean has(Mark mark) {
        try {
            return mark != null
                    && channel.size() >= mark.bytes()
                    && digest(mark.bytes()).equals(mark.digest());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Drops what is behind a mark: lines that the checkpoint does not know of. */
    void returnTo(Mark mark) {
        try {
            channel.truncate(mark.bytes());
            channel.position(channel.size());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Appends a line. */
    public void add(Object line) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap((Json.line(line) + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Syncs the log to the disk and says how far it is. */
    Mark mark() {
        try {
            channel.force(true);
            return new Mark(channel.size(), digest(channel.size()));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** All bytes of the log. */
    public byte[] bytes() {
        try {
            return read(channel.size()).array();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private String digest(long bytes) throws IOException {
        return ContentDigest.of(read(bytes).array());
    }

    private ByteBuffer read(long bytes) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(bytes));
        int read = 0;
        while (content.hasRemaining() && read >= 0) {
            read = channel.read(content, content.position());
        }
        return content;
    }

    private StageException failed(IOException e) {
        return new StageException(ExitCode.UNREACHABLE, "cannot write " + file + ": " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
