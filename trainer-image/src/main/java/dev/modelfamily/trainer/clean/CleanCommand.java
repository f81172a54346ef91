package dev.modelfamily.trainer.clean;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code clean}: removes the folder of a stage but for the attempt that became the member, or a whole family. What is gone already
 * is no error, so it may be called again.
 */
@Command(
        name = "clean",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Removes a folder of a family, but for one folder in it where asked.")
public final class CleanCommand implements Callable<Integer> {
    /** The file that is written last into a member. */
    private static final String MANIFEST = "manifest.json";

    @Parameters(paramLabel = "FOLDER", description = "The folder to remove.")
    private Path folder;

    @Option(
            names = "--keep",
            paramLabel = "FOLDER",
            description = "A folder directly in it that stays, such as the attempt that became a member.")
    private Optional<Path> keep = Optional.empty();

    @Override
    public Integer call() {
        Path root = folder.toAbsolutePath().normalize();
        Optional<Path> kept = keep.map(path -> path.toAbsolutePath().normalize());
        kept.ifPresent(path -> check(root, path));
        try {
            Files.walkFileTree(root, new Removing(root, kept));
        } catch (NoSuchFileException e) {
            return ExitCode.DONE.code(); // gone already
        } catch (IOException e) {
            throw new StageException(ExitCode.UNREACHABLE, "cannot remove " + root + ": " + e, e);
        }
        return ExitCode.DONE.code();
    }

    /** What stays must be a member, or the call was mistaken and would remove one. */
    private static void check(Path root, Path kept) {
        if (!root.equals(kept.getParent())) {
            throw new StageException(ExitCode.BAD_ORDER, "--keep: " + kept + " is not directly in " + root);
        }
        if (Files.isDirectory(root) && !Files.isRegularFile(kept.resolve(MANIFEST))) {
            throw new StageException(
                    ExitCode.NOT_FOUND, "--keep: " + kept + " has no " + MANIFEST + ", so nothing is removed");
        }
    }

    private static final class Removing extends SimpleFileVisitor<Path> {
        private final Path root;
        private final Optional<Path> kept;

        Removing(Path root, Optional<Path> kept) {
            this.root = root;
            this.kept = kept;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return kept.filter(directory::equals).isPresent() ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException && !file.equals(root)) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            if (kept.isEmpty() || !directory.equals(root)) {
                Files.deleteIfExists(directory);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
