package dev.modelfamily.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The programs of Kubernetes, built from source by the script {@code kube/build} or named by {@code KUBE_BINARIES}. */
final class Binaries {
    private static final Path SCRIPT = Path.of("kube", "build");

    private static Path folder;

    private Binaries() {}

    /** The program of a component, such as {@code kube-apiserver}. The first call may take minutes: it builds them. */
    static synchronized Path of(String component) {
        if (folder == null) {
            folder = build();
        }
        Path program = folder.resolve(component);
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException("there is no program " + component + " in " + folder);
        }
        return program;
    }

    private static Path build() {
        try {
            Process process =
                    Children.start(new ProcessBuilder(SCRIPT.toAbsolutePath().toString())
                            .redirectError(ProcessBuilder.Redirect.INHERIT));
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int exit = process.waitFor();
            if (exit != 0) {
                throw new IllegalStateException(
                        "there is no Kubernetes to test on: e2e/kube/build ended with exit code " + exit
                                + "; what it wrote to standard error says why");
            }
            return Path.of(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Kubernetes was built", e);
        }
    }
}
