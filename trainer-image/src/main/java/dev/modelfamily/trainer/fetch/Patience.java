package dev.modelfamily.trainer.fetch;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries again what failed but may succeed soon: after half a second, then twice as long each time, or after what the other side
 * asks for. Whoever gave the order tries again later, with longer waits.
 */
final class Patience {
    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
    private static final int TRIES = 5;
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    private final Pause pause;

    /** A way to let time pass. */
    @FunctionalInterface
    interface Pause {
        /** Returns after that time. */
        void of(Duration time) throws InterruptedException;
    }

    Patience(Pause pause) {
        this.pause = pause;
    }

    /** Waits in real time. */
    static Patience real() {
        return new Patience(time -> {
            Semaphore never = new Semaphore(0);
            if (never.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("nobody releases this semaphore");
            }
        });
    }

    /** Does the work, again where it fails with {@link Passing}. */
    <T> T with(Supplier<T> work) {
        return with(work, () -> 0);
    }

    /**
     * Does the work, again where it fails with {@link Passing}.
     *
     * @param progress a number that grows when a try that failed was not in vain: then the tries are counted anew
     */
    <T> T with(Supplier<T> work, LongSupplier progress) {
        int failures = 0;
        long before = progress.getAsLong();
        while (true) {
            try {
                return work.get();
            } catch (Passing e) {
                long after = progress.getAsLong();
                failures = after > before ? 1 : failures + 1;
                before = after;
                Duration wait = e.waitAsked().orElse(FIRST_WAIT.multipliedBy(1L << (failures - 1)));
                if (failures == TRIES || wait.compareTo(LONGEST_WAIT) > 0) {
                    throw e.last();
                }
                LOG.info("{}; trying again in {} s", e.last().getMessage(), wait.toMillis() / 1000.0);
                waitFor(wait);
            }
        }
    }

    private void waitFor(Duration time) {
        try {
            pause.of(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StageException(ExitCode.TRY_LATER, "interrupted while waiting to try again", e);
        }
    }
}
