package dev.modelfamily.trainer.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Does many small pieces of work side by side, each on one thread. Factorisations of a few hundred rows gain little from a second
 * thread; two of them on two threads take half the time. And what one thread computes is the same on every number of cores.
 */
public final class Workers {
    private Workers() {}

    /**
     * Runs all work and hands each result over in the order of the work, on the calling thread.
     *
     * @param done may end everything by an exception: what has begun is waited for, the rest is left out
     */
    public static <T> void run(List<? extends Callable<T>> work, Consumer<T> done) {
        int threads = Torch.threads();
        ExecutorService pool = Executors.newFixedThreadPool(
                Torch.device().parallel(threads),
                task -> new Thread(() -> {
                    Torch.setThreads(1);
                    task.run();
                }));
        List<Future<T>> results = new ArrayList<>();
        try (pool) {
            work.forEach(piece -> results.add(pool.submit(piece)));
            results.forEach(result -> done.accept(get(result)));
        } finally {
            // The workers' setting is also that of threads to come.
            Torch.setThreads(threads);
        }
    }

    private static <T> T get(Future<T> result) {
        try {
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("a piece of work failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a piece of work", e);
        }
    }
}
