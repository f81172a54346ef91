package dev.modelfamily.cli.folder;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Whole folders. */
public final class Trees {
    private Trees() {}

    /**
     * Deletes a folder with all that is in it.
     *
     * @throws StageException {@link ExitCode#UNREACHABLE} where something cannot be deleted
     */
    public static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new StageException(ExitCode.UNREACHABLE, "cannot delete " + folder + ": " + e, e);
        }
    }
}
