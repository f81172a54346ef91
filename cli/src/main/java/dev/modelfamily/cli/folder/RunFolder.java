package dev.modelfamily.cli.folder;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.lifecycle.StorageLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder of a local run.
 *
 * @param root absolute
 */
public record RunFolder(Path root) {
    public RunFolder {
        root = root.toAbsolutePath().normalize();
    }

    /** Where a family goes whose user named no folder: below the current folder. */
    public static RunFolder usual(String family) {
        return new RunFolder(Path.of("modelfamily-out", family));
    }

    /**
     * Makes the folder where it is missing.
     *
     * @throws StageException {@link ExitCode#DENIED} where that is not possible
     */
    public void create() {
        try {
            Files.createDirectories(logs());
            Files.createDirectories(attempts());
            Files.createDirectories(members());
        } catch (IOException e) {
            throw new StageException(
                    ExitCode.DENIED, "cannot make the folder " + root + ": " + e + "; name another with --out", e);
        }
    }

    /** Where parents, stages and members lie in it. */
    public StorageLayout layout() {
        return new StorageLayout(root.toString());
    }

    /** The family with the status that was last written. */
    public Path family() {
        return root.resolve("family.json");
    }

    /** The file that a run holds locked. */
    public Path lock() {
        return root.resolve("lock");
    }

    /** What trainers printed. */
    public Path logs() {
        return root.resolve("logs");
    }

    /** What the trainer printed in one attempt. */
    public Path log(String member, int attempt) {
        return logs().resolve(member + "-" + attempt + ".log");
    }

    /** The records of attempts, each with its order. */
    public Path attempts() {
        return root.resolve("attempts");
    }

    /** Links to the finished members, by name. */
    public Path members() {
        return root.resolve("members");
    }

    /** What every preparation made, a folder each. */
    public Path prepared() {
        return root.resolve("prepared");
    }

    /** What every stage made, a folder each. */
    public Path stages() {
        return root.resolve("stages");
    }

    /** The page with the plots. */
    public Path report() {
        return root.resolve("report.html");
    }

    /** The folder as a person would name it: from the current folder where it lies below. */
    public String shown() {
        return shown(root);
    }

    /** A file or folder as a person would name it. */
    public static String shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        Path absolute = path.toAbsolutePath().normalize();
        return absolute.startsWith(here) && !absolute.equals(here)
                ? here.relativize(absolute).toString()
                : absolute.toString();
    }
}
