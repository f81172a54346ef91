package dev.modelfamily.trainer.stage;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Whether a stage can write what it will write, asked before it computes for hours. */
final class DiskSpace {
    /** Two checkpoints are kept while a third is written. */
    private static final int CHECKPOINTS = 3;

    /** A checkpoint holds the weights and two moments of each. */
    private static final int TENSORS_EACH = 3;

    /** For logs, headers and tokenizer files. */
    private static final long SMALL_FILES = 1 << 20;

    private DiskSpace() {}

    /**
     * Asks for the space of a stage.
     *
     * @param parameters of the member
     * @param companions bytes of the files that travel with the parent
     * @param trains whether there will be checkpoints
     * @throws StageException {@link ExitCode#UNREACHABLE} with the bytes that are needed and free
     */
    static void check(Path output, Path checkpoints, long parameters, long companions, boolean trains) {
        long weights = Float.BYTES * parameters;
        long member = weights + companions + SMALL_FILES;
        long kept = trains ? Math.max(0, CHECKPOINTS * TENSORS_EACH * weights - size(checkpoints)) : 0;
        try {
            FileStore of = Files.getFileStore(output);
            FileStore other = Files.getFileStore(checkpoints);
            if (of.equals(other)) {
                refuse(output, of, member + kept);
            } else {
                refuse(output, of, member);
                refuse(checkpoints, other, kept);
            }
        } catch (IOException e) {
            throw new StageException(
                    ExitCode.UNREACHABLE, "cannot ask for the free space of " + output + ": " + e.getMessage(), e);
        }
    }

    private static void refuse(Path folder, FileStore store, long needed) throws IOException {
        long free = store.getUsableSpace();
        if (free < needed) {
            throw new StageException(
                    ExitCode.UNREACHABLE,
                    "the disk of " + folder + " has " + free + " bytes free and the stage needs " + needed
                            + " for the member and its checkpoints; make room and run again");
        }
    }

    private static long size(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException e) {
            throw new StageException(ExitCode.UNREACHABLE, "cannot list " + folder + ": " + e.getMessage(), e);
        }
    }
}
