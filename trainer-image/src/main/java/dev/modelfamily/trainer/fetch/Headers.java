package dev.modelfamily.trainer.fetch;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.report.Reporter;
import dev.modelfamily.trainer.weights.Models;
import dev.modelfamily.trainer.weights.OpenModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * Fetches only the headers of weight files: each becomes a file of the full size whose rest is a hole, which takes no room and
 * can be opened like the whole.
 */
final class Headers {
    /** Most headers of safetensors are shorter, so that one request is enough. */
    private static final long FIRST = 1 << 18;

    /** The header of a GGUF file holds the vocabulary and does not say how long it is. */
    private static final long FIRST_OF_GGUF = 1 << 24;

    private final Snapshot snapshot;
    private final Path folder;
    private final Reporter reporter;

    Headers(Snapshot snapshot, Path folder, Reporter reporter) {
        this.snapshot = snapshot;
        this.folder = folder;
        this.reporter = reporter;
    }

    /** The header of a safetensors file. */
    void safetensors(String path) {
        RemoteFile file = snapshot.file(path);
        Path place = place(path);
        if (Files.exists(place)) {
            return;
        }
        Optional<byte[]> start =
                file.bytes() <= 0 ? Optional.empty() : snapshot.start(path, Math.min(FIRST, file.bytes()));
        long length = start.filter(bytes -> bytes.length >= Long.BYTES)
                .map(bytes -> Long.BYTES
                        + ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong())
                .orElse(0L);
        boolean longer = length > FIRST && length <= file.bytes();
        Optional<byte[]> all = longer ? snapshot.start(path, length) : start;
        all.ifPresentOrElse(bytes -> write(place, bytes, file.bytes()), () -> whole(path, place));
    }

    /** The header of a GGUF file: more and more of it, until it opens. */
    Path gguf(String path) {
        RemoteFile file = snapshot.file(path);
        Path place = place(path);
        for (long count = FIRST_OF_GGUF; count < file.bytes(); count *= 4) {
            Optional<byte[]> start = snapshot.start(path, count);
            if (start.isEmpty()) {
                break;
            }
            write(place, start.get(), file.bytes());
            if (opens(place)) {
                return place;
            }
        }
        Disk.delete(place);
        whole(path, place);
        return place;
    }

    private static boolean opens(Path gguf) {
        try (OpenModel model = Models.open(gguf)) {
            return !model.weights().tensors().isEmpty();
        } catch (StageException e) {
            return false; // the rest of the header is still missing; if not, the whole file says what is wrong
        }
    }

    private void whole(String path, Path place) {
        Disk.appear(snapshot.fetch(List.of(path), reporter).resolve(path), place);
    }

    private Path place(String path) {
        return Disk.folder(folder).resolve(Path.of(path).getFileName());
    }

    private static void write(Path place, byte[] start, long size) {
        Path temporary = place.resolveSibling(place.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(start);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (size > start.length) {
                channel.write(ByteBuffer.allocate(1), size - 1);
            }
            channel.force(true);
        } catch (IOException e) {
            throw new StageException(ExitCode.UNREACHABLE, "cannot write " + place + ": " + e.getMessage(), e);
        }
        Disk.finish(temporary, place);
    }
}
