package dev.modelfamily.trainer.weights;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A whole file as memory, of any size: nothing is read before it is touched. */
public final class MappedFile {
    private MappedFile() {}

    /**
     * Maps a file for reading for as long as the arena lives.
     *
     * @throws StageException {@link ExitCode#NOT_FOUND}, {@link ExitCode#DENIED}, {@link ExitCode#BAD_DATA} where it is a
     *     folder, {@link ExitCode#UNREACHABLE} where the storage fails
     */
    public static MemorySegment map(Path file, Arena arena) {
        if (Files.isDirectory(file)) {
            throw new StageException(ExitCode.BAD_DATA, file + " is a folder where a file is needed");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * All bytes of a small file.
     *
     * @throws StageException as {@link #map}
     */
    public static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** What a failure to read a file means for the stage. */
    public static StageException unreadable(Path file, IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> new StageException(ExitCode.NOT_FOUND, file + " does not exist", e);
            case AccessDeniedException _ ->
                new StageException(ExitCode.DENIED, file + " may not be read by this user; change its permissions", e);
            default -> new StageException(ExitCode.UNREACHABLE, "cannot read " + file + ": " + e.getMessage(), e);
        };
    }
}
