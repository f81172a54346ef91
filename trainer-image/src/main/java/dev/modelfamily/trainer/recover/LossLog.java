package dev.modelfamily.trainer.recover;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** {@code loss.jsonl}: a line for each optimizer step, without times, so that a resumed stage writes the same bytes. */
public final class LossLog implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    /**
     * One step.
     *
     * @param tokens trained on so far
     * @param loss mean cross-entropy in nats
     */
    public record Line(long step, long tokens, double loss, double learningRate, double gradientNorm) {}

    /** Opens the log, which is made if needed. */
    public LossLog(Path file) {
        this.file = file;
        try {
            this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.position(channel.size());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Drops what was written behind so many bytes: steps that are not in the checkpoint. */
    void truncate(long bytes) {
        try {
            channel.truncate(bytes);
            channel.position(channel.size());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    void add(Line line) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap((Json.line(line) + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    long length() {
        try {
            return channel.position();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    void sync() {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw failed(e);
        }
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
