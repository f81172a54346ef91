package dev.modelfamily.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Processes that end with this Java machine, however it dies: the kernel kills them. */
public final class Children {
    /** The kernel's "parent" is the thread that started a process, so one thread that never ends starts them all. */
    private static final ExecutorService STARTER = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("children").daemon().factory());

    private Children() {}

    /** Starts a process; the command of the builder is prefixed. */
    public static Process start(ProcessBuilder builder) {
        return start(builder, "KILL");
    }

    /** Starts a process that has something to tidy up: the kernel only asks it to end. */
    public static Process startTidy(ProcessBuilder builder) {
        return start(builder, "TERM");
    }

    private static Process start(ProcessBuilder builder, String signal) {
        List<String> command = new ArrayList<>(List.of("setpriv", "--pdeathsig", signal, "--"));
        command.addAll(builder.command());
        builder.command(command);
        try {
            return CompletableFuture.supplyAsync(() -> startHere(builder), STARTER)
                    .join();
        } catch (CompletionException e) {
            throw new IllegalStateException("cannot start " + builder.command() + ": " + e.getCause(), e);
        }
    }

    private static Process startHere(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
