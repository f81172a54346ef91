package dev.modelfamily.cli.folder;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Keeps two runs from working in one folder. The system lets go of it when the process ends, however it ends. */
public final class FolderLock implements AutoCloseable {
    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock and writes into it who has it.
     *
     * @throws StageException {@link ExitCode#TRY_LATER} where another run has it, with the number of its process
     */
    public static FolderLock take(RunFolder folder) {
        try {
            FileChannel channel = FileChannel.open(
                    folder.lock(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (isTaken(channel)) {
                channel.close();
                throw new StageException(
                        ExitCode.TRY_LATER,
                        folder.shown() + " is in use by another run"
                                + holder(folder)
                                        .map(holder -> " (process " + holder.pid() + ")")
                                        .orElse("")
                                + "; wait for its end, stop it with Ctrl-C, or name another folder with --out");
            }
            ByteBuffer text = ByteBuffer.wrap(
                    Json.line(ProcessMark.of(ProcessHandle.current())).getBytes(StandardCharsets.UTF_8));
            channel.truncate(0);
            channel.write(text, 0);
            return new FolderLock(channel);
        } catch (IOException e) {
            throw new StageException(ExitCode.DENIED, "cannot lock " + folder.lock() + ": " + e, e);
        }
    }

    /** The run that works in the folder now; empty where none does. Looks only, so it is never in a run's way. */
    public static Optional<ProcessMark> holder(RunFolder folder) {
        try {
            return Optional.of(Json.mapper().readValue(Files.readAllBytes(folder.lock()), ProcessMark.class))
                    .filter(mark -> mark.find().isPresent());
        } catch (JsonProcessingException _) {
            return Optional.empty(); // being written at this moment
        } catch (IOException _) {
            return Optional.empty(); // no run was ever here
        }
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock == null;
        } catch (OverlappingFileLockException _) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        channel.truncate(0);
        channel.close();
    }
}
