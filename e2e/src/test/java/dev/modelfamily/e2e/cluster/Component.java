package dev.modelfamily.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One program of the control plane, which a test may switch off and on. Its output goes to a log file. */
public final class Component {
    private static final int TAIL_LINES = 25;

    private final String name;
    private final List<String> command;
    private final Path log;
    private Process process;

    Component(String name, List<String> command, Path log) {
        this.name = name;
        this.command = List.copyOf(command);
        this.log = log;
    }

    public String name() {
        return name;
    }

    /** Starts it; does not wait until it is ready. */
    public synchronized void start() {
        if (isRunning()) {
            throw new IllegalStateException(name + " is already running");
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        process = Children.start(builder);
    }

    /** Asks it to end and waits until it has; after 10 seconds it is killed. */
    public synchronized void stop() {
        end(false);
    }

    /** Kills it, as a machine does that loses power. */
    public synchronized void kill() {
        end(true);
    }

    public synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** The end of its log, for messages about a failure. */
    public String tail() {
        try {
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path log() {
        return log;
    }

    private void end(boolean forcibly) {
        if (process == null) {
            return;
        }
        try {
            if (!forcibly) {
                process.destroy();
            }
            if (forcibly || !process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
