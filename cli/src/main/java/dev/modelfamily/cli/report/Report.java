package dev.modelfamily.cli.report;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes the page about a run. Nothing of the clock is in it: the same folder gives the same bytes. */
public final class Report {
    private static final String FILE = "report.html";

    private Report() {}

    /**
     * Writes {@code report.html} into the folder of a run, finished or not.
     *
     * @return the page
     * @throws StageException {@link ExitCode#NOT_FOUND} where the folder holds no run, {@link ExitCode#UNREACHABLE} where the
     *     page cannot be written
     */
    public static Path write(Path runFolder) {
        return write(runFolder, runFolder.resolve(FILE));
    }

    /** Writes the page to a file of any name, which exists with all of its bytes or not at all. */
    public static Path write(Path runFolder, Path file) {
        String page = Page.of(RunReading.read(runFolder));
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Files.writeString(temporary, page, StandardCharsets.UTF_8);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new StageException(ExitCode.UNREACHABLE, "cannot write " + file + ": " + e.getMessage(), e);
        }
        return file;
    }
}
