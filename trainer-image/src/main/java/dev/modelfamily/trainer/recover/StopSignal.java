package dev.modelfamily.trainer.recover;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Whether the process was asked to stop. On SIGTERM the virtual machine runs a hook that waits here until the stage has written
 * its checkpoint; the process then ends with 143.
 */
public final class StopSignal {
    private static final long GRACE_SECONDS = 600;

    private static final AtomicReference<StopSignal> PROCESS = new AtomicReference<>();

    private final AtomicBoolean asked = new AtomicBoolean();
    private final CountDownLatch done = new CountDownLatch(1);

    /** A signal that only {@link #ask()} sets. */
    public StopSignal() {}

    /** The signal that is set when the process gets SIGTERM or SIGINT; the process then ends after {@link #end()}. */
    public static StopSignal ofProcess() {
        StopSignal signal = new StopSignal();
        if (PROCESS.compareAndSet(null, signal)) {
            Runtime.getRuntime().addShutdownHook(new Thread(signal::askAndWait, "stop"));
        }
        return PROCESS.get();
    }

    /** The work of the process is over and its last words are said. */
    public static void end() {
        StopSignal signal = PROCESS.get();
        if (signal != null) {
            signal.done.countDown();
        }
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
