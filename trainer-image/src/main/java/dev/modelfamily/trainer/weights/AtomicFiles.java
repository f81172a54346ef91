package dev.modelfamily.trainer.weights;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Files that appear under their names whole or not at all: written beside them as {@code NAME.tmp}, synced, and renamed
 * together by {@link #commit()}. What is not committed is deleted by {@link #close()}.
 */
public final class AtomicFiles implements AutoCloseable {
    private final Path folder;
    private final long needed;
    private final Map<Path, Path> written = new LinkedHashMap<>();

    /** What fills a file. */
    @FunctionalInterface
    public interface Content {
        void to(FileChannel channel) throws IOException;
    }

    /**
     * Files of a folder, which is made where it is missing.
     *
     * @param needed bytes of all of them
     * @throws StageException {@link ExitCode#UNREACHABLE} where the disk has not that much free
     */
    public AtomicFiles(Path folder, long needed) {
        this.folder = folder;
        this.needed = needed;
        try {
            Files.createDirectories(folder);
            long free = Files.getFileStore(folder).getUsableSpace();
            if (free < needed) {
                throw new StageException(
                        ExitCode.UNREACHABLE,
                        folder + " needs " + needed + " bytes but its disk has " + free
                                + " free; make room and run again");
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Writes one file under its temporary name. */
    public void write(String name, Content content) {
        Path file = folder.resolve(name);
        Path temporary = folder.resolve(name + ".tmp");
        written.put(file, temporary);
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            content.to(channel);
            channel.force(true);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Writes one small file under its temporary name. */
    public void write(String name, byte[] content) {
        write(name, channel -> {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /** Gives all files their names. */
    public void commit() {
        try {
            for (Map.Entry<Path, Path> file : written.entrySet()) {
                Files.move(
                        file.getValue(),
                        file.getKey(),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
            // The names are bytes of the folder: without this a crash of the machine may lose them.
            try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private StageException failed(IOException e) {
        return new StageException(
                ExitCode.UNREACHABLE,
                "cannot write " + needed + " bytes to " + folder + ", which has "
                        + folder.toFile().getUsableSpace() + " free: " + e.getMessage(),
                e);
    }

    @Override
    public void close() {
        for (Path temporary : written.values()) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                throw failed(e);
            }
        }
    }
}
