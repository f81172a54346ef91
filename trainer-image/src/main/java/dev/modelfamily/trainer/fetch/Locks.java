package dev.modelfamily.trainer.fetch;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Lets one thread of one process at a time do something, on all machines that share a folder. A process that dies lets go. */
final class Locks {
    /** A file lock belongs to the whole process: threads of this one need a lock of their own. */
    private static final Map<Path, Lock> OF_THIS_PROCESS = new ConcurrentHashMap<>();

    private Locks() {}

    /** Does the work while holding the lock that a file stands for; the file stays. */
    static <T> T holding(Path file, Supplier<T> work) {
        Lock lock = OF_THIS_PROCESS.computeIfAbsent(file.toAbsolutePath().normalize(), _ -> new ReentrantLock());
        lock.lock();
        try {
            Files.createDirectories(file.getParent());
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                if (!held.isValid()) {
                    throw new IOException("the lock was lost");
                }
                return work.get();
            }
        } catch (IOException e) {
            throw new StageException(
                    ExitCode.UNREACHABLE,
                    "cannot lock " + file + ": " + e.getMessage()
                            + "; set MODELFAMILY_CACHE to a folder that can be written and that supports file locks",
                    e);
        } finally {
            lock.unlock();
        }
    }
}
