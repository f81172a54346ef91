package dev.modelfamily.trainer.report;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.util.function.Supplier;

/** Turns running out of memory into an error that says so: it comes as an {@link Error} of Java or as text from libtorch. */
public final class Memory {
    /** What libtorch's allocator calls itself in its errors. */
    private static final String ALLOCATOR = "DefaultCPUAllocator";

    private Memory() {}

    /**
     * Does some work.
     *
     * @throws StageException {@link ExitCode#TRY_LATER} where the memory does not suffice
     */
    public static <T> T enoughFor(Supplier<T> work) {
        try {
            return work.get();
        } catch (OutOfMemoryError e) {
            throw exhausted(e);
        } catch (StageException e) {
            throw e;
        } catch (RuntimeException e) { // DJL has one exception for all that libtorch throws
            if (String.valueOf(e.getMessage()).contains(ALLOCATOR)) {
                throw exhausted(e);
            }
            throw e;
        }
    }

    private static StageException exhausted(Throwable e) {
        return new StageException(
                ExitCode.TRY_LATER,
                "out of memory, the process had " + PeakMemory.bytes() + " bytes at most: " + e.getMessage()
                        + "; give the trainer more memory, or lower training.batchTokens or training.sequenceLength",
                e);
    }
}
