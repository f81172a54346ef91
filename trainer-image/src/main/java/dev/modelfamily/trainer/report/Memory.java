package dev.modelfamily.trainer.report;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.util.List;
import java.util.function.Supplier;

/** Turns running out of memory into an error that says so: it comes as an {@link Error} of Java or as text from libtorch. */
public final class Memory {
    /** How libtorch's allocators, that of the processor and that of GPUs, begin their errors. */
    private static final List<String> ALLOCATORS = List.of("DefaultCPUAllocator", "CUDA out of memory");

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
            if (ALLOCATORS.stream().anyMatch(String.valueOf(e.getMessage())::contains)) {
                throw exhausted(e);
            }
            throw e;
        }
    }

    private static StageException exhausted(Throwable e) {
        return new StageException(
                ExitCode.TRY_LATER,
                "out of memory, the process had " + PeakMemory.bytes() + " bytes at most: " + e.getMessage()
                        + "; give the trainer more memory, on the GPU where that is short, or lower training.batchTokens or training.sequenceLength",
                e);
    }
}
