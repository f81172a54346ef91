package dev.modelfamily.e2e.node;

import dev.modelfamily.e2e.cluster.Children;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs of the project, run to their end. */
final class Commands {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private Commands() {}

    /**
     * Runs a command in the root of the project.
     *
     * @param log where its output goes
     * @throws IllegalStateException where it fails, with what it wrote
     */
    static void run(Path log, List<String> command) {
        try {
            Files.createDirectories(log.getParent());
            int exit = Children.start(new ProcessBuilder(command)
                            .directory(ROOT.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile()))
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException(
                        String.join(" ", command) + " ended with exit code " + exit + ":\n" + Files.readString(log));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command.getFirst() + " ran", e);
        }
    }
}
