package dev.modelfamily.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Programs that a script of this module builds from source, once on a machine. */
public final class Built {
    private Built() {}

    /**
     * The folder that a script prints; the first call may take minutes.
     *
     * @param script its path from this module, such as {@code kube/build}
     * @throws IllegalStateException where it fails
     */
    public static Path by(String script) {
        try {
            Process process = Children.start(
                    new ProcessBuilder(Path.of(script).toAbsolutePath().toString())
                            .redirectError(ProcessBuilder.Redirect.INHERIT));
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int exit = process.waitFor();
            if (exit != 0) {
                throw new IllegalStateException("nothing to test with: e2e/" + script + " ended with exit code " + exit
                        + "; what it wrote to standard error says why");
            }
            return Path.of(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while e2e/" + script + " ran", e);
        }
    }
}
