package dev.modelfamily.trainer.recover;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether the process was asked to stop. On SIGTERM the virtual machine runs a hook that waits here until the stage has written
 * its checkpoint; the process then ends with 143.
 */
public final class StopSignal {
    private static final long GRACE_SECONDS = 600;

    private final AtomicBoolean asked = new AtomicBoolean();
    private final CountDownLatch done = new CountDownLatch(1);

    /** A signal that only {@link #ask()} sets. */
    public StopSignal() {}

    /** A signal that is set when the process gets SIGTERM or SIGINT. */
    public static StopSignal ofProcess() {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(new Thread(signal::askAndWait, "stop"));
        return signal;
    }

    /** Asks the stage to write a checkpoint and stop. */
    public void ask() {
        asked.set(true);
    }

    /** Whether to stop after this step. */
    public boolean asked() {
        return asked.get();
    }

    /**
     * For work that has no checkpoint of its own: ends it where a stop was asked for.
     *
     * @throws StageException with {@code TERMINATED}
     */
    public void endIfAsked(String doing) {
        if (asked()) {
            throw new StageException(
                    ExitCode.TERMINATED, "stopped while doing: " + doing + "; the next run does it again");
        }
    }

    /** The work is over, stopped or done: the process may end. */
    public void release() {
        done.countDown();
    }

    private void askAndWait() {
        ask();
        try {
            if (!done.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("the last checkpoint was not written within " + GRACE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
