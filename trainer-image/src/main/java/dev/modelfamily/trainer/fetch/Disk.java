package dev.modelfamily.trainer.fetch;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** What is done with files on this machine. */
public final class Disk {
    private Disk() {}

    /** Makes a folder and those above it. */
    static Path folder(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw failed("make the folder " + folder, e);
        }
    }

    /**
     * Refuses work that the disk has no room for.
     *
     * @param needed bytes
     * @throws StageException {@link ExitCode#UNREACHABLE}
     */
    static void refuseTooFull(Path folder, long needed, String what) {
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            if (free < needed) {
                throw new StageException(
                        ExitCode.UNREACHABLE,
                        what + " needs " + needed + " bytes in " + folder + ", whose disk has " + free
                                + " free; make room, or set MODELFAMILY_CACHE to a folder of another disk");
            }
        } catch (IOException e) {
            throw failed("ask for the free space of " + folder, e);
        }
    }

    /** The size of a file; 0 where there is none. */
    static long size(Path file) {
        return file.toFile().length();
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failed("delete " + file, e);
        }
    }

    /** Gives a finished file its name, synced, and protects it from change by mistake. */
    static void finish(Path temporary, Path file) {
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            if (!file.toFile().setReadOnly()) {
                throw new IOException("it cannot be made read-only");
            }
        } catch (IOException e) {
            throw failed("finish " + file, e);
        }
    }

    /**
     * Makes a finished file appear under a second name, whole or not at all: as a link to the same bytes where the file system
     * can, else as a copy.
     */
    public static void appear(Path file, Path name) {
        folder(name.getParent());
        try {
            if (Files.exists(name) && Files.isSameFile(file, name)) {
                return;
            }
            Files.deleteIfExists(name);
            try {
                Files.createLink(name, file);
            } catch (FileAlreadyExistsException e) {
                return; // another process was faster; its bytes are the same
            } catch (IOException | UnsupportedOperationException e) {
                copy(file, name); // another file system, or one without links
            }
        } catch (IOException e) {
            throw failed("make " + name + " of " + file, e);
        }
    }

    private static void copy(Path file, Path name) throws IOException {
        refuseTooFull(name.getParent(), size(file), "a copy of " + file);
        Path temporary = name.resolveSibling(name.getFileName() + ".tmp");
        Files.copy(file, temporary, StandardCopyOption.REPLACE_EXISTING);
        finish(temporary, name);
    }

    private static StageException failed(String what, IOException e) {
        return new StageException(ExitCode.UNREACHABLE, "cannot " + what + ": " + e.getMessage(), e);
    }
}
