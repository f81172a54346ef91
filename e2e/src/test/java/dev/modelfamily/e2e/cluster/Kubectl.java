package dev.modelfamily.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line tool of Kubernetes, as a user runs it. */
public final class Kubectl {
    private final Path kubeconfig;

    Kubectl(Path kubeconfig) {
        this.kubeconfig = kubeconfig;
    }

    /**
     * What a command did.
     *
     * @param output standard output and error as they came
     */
    public record Result(int exitCode, String output) {}

    /** Runs a command to its end. */
    public Result run(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Binaries.of("kubectl").toString());
        command.add("--kubeconfig=" + kubeconfig);
        command.addAll(List.of(arguments));
        try {
            Process process = Children.start(new ProcessBuilder(command).redirectErrorStream(true));
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while kubectl ran", e);
        }
    }
}
