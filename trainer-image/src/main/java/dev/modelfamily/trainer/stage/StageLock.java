package dev.modelfamily.trainer.stage;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps two processes from working on the same checkpoints, such as one that outlived the tool that started it. The system lets
 * go of it when the process ends, however it ends.
 */
final class StageLock implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(StageLock.class.getName());
    private static final String NAME = "lock";

    private final FileChannel channel;

    private StageLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock of a folder that exists.
     *
     * @throws StageException {@link ExitCode#TRY_LATER} where another process has it
     */
    static StageLock of(Path folder) {
        try {
            FileChannel channel =
                    FileChannel.open(folder.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!isFree(channel)) {
                channel.close();
                throw new StageException(
                        ExitCode.TRY_LATER,
                        "another process works on this stage: it holds " + folder.resolve(NAME)
                                + "; wait for its end, or end it");
            }
            return new StageLock(channel);
        } catch (IOException e) {
            throw new StageException(
                    ExitCode.UNREACHABLE, "cannot open " + folder.resolve(NAME) + ": " + e.getMessage(), e);
        }
    }

    private static boolean isFree(FileChannel channel) {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            // Some network file systems have no locks; there the executor alone sees to it that attempts do not
            // overlap.
            LOG.log(Level.WARNING, "this file system has no locks, going on without one: {0}", e.getMessage());
            return true;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the lock was not closed", e);
        }
    }
}
