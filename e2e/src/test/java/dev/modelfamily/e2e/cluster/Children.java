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
    private static final List<String> DIE_WITH_PARENT = List.of("setpriv", "--pdeathsig", "KILL", "--");

    /** The kernel's "parent" is the thread that started a process, so one thread that never ends starts them all. */
    private static final ExecutorService STARTER = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("children").daemon().factory());

    private Children() {}

    /** Starts a process; the command of the builder is prefixed. */
    public static Process start(ProcessBuilder builder) {
        List<String> command = new ArrayList<>(DIE_WITH_PARENT);
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
