package dev.modelfamily.trainer.corpus;

import com.github.luben.zstd.ZstdInputStream;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** The lines of a UTF-8 file, also of one compressed as {@code .gz} or {@code .zst}; one at a time. */
final class Lines implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    private static final int LONGEST = 1 << 26;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final Path file;
    private final FileChannel channel;
    private final InputStream in;
    private long number;

    /**
     * A line with its end, so that all lines together are the file.
     *
     * @param number from 1
     * @param problem why the line cannot be read, with an empty text; empty where it can
     */
    record Line(long number, String text, String problem) {}

    Lines(Path file) {
        this.file = file;
        try {
            this.channel = FileChannel.open(file, StandardOpenOption.READ);
            this.in = new BufferedInputStream(decompressed(file, Channels.newInputStream(channel)), BUFFER);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The next line; none at the end of the file. */
    Optional<Line> next() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean tooLong = false;
        try {
            int value = in.read();
            if (value < 0) {
                return Optional.empty();
            }
            for (; value >= 0; value = in.read()) {
                tooLong |= bytes.size() == LONGEST;
                if (!tooLong) {
                    bytes.write(value);
                }
                if (value == '\n') {
                    break;
                }
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        number++;
        return Optional.of(tooLong ? bad("longer than " + LONGEST + " bytes") : decode(bytes.toByteArray()));
    }

    /** Bytes of the file, still compressed where it is, that were read. */
    long bytesRead() {
        try {
            return channel.position();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private Line decode(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            boolean marked = number == 1 && text.startsWith(BYTE_ORDER_MARK);
            return new Line(number, marked ? text.substring(1) : text, "");
        } catch (CharacterCodingException e) {
            return bad("not UTF-8 (" + e.getMessage() + ")");
        }
    }

    private Line bad(String why) {
        return new Line(number, "", why);
    }

    private static InputStream decompressed(Path file, InputStream raw) throws IOException {
        String name = file.getFileName().toString();
        if (name.endsWith(".gz")) {
            return new GZIPInputStream(raw, BUFFER);
        }
        return name.endsWith(".zst") ? new ZstdInputStream(raw) : raw;
    }

    private StageException unreadable(IOException e) {
        boolean damaged = e instanceof ZipException || e instanceof EOFException || isZstd(e);
        return new StageException(
                damaged ? ExitCode.BAD_DATA : ExitCode.UNREACHABLE,
                "cannot read " + file + " after line " + number + ": " + e.getMessage()
                        + (damaged ? "; the compressed file is damaged, fetch it again" : ""),
                e);
    }

    private static boolean isZstd(IOException e) {
        return e.getClass().getName().startsWith("com.github.luben.zstd");
    }
}
