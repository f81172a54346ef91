package dev.modelfamily.trainer.torch;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** What this process computes with, and where its tensors lie. */
public enum Device {
    /** The processor: tensors lie in the memory of this process, and are read and written there. */
    PROCESSOR("cpu", "the processor"),
    /** An NVIDIA GPU, the first that this process sees: tensors lie in its memory and are copied to be read or written. */
    GPU("cuda", "a GPU"),
    /** The processor again, but tensors are copied to be read or written as those on a GPU are: for tests of that way. */
    STAGED_PROCESSOR("cpu", "the processor, by way of copies");

    /** The environment variable that says which one is wanted: {@code auto}, {@code cpu}, {@code gpu}, or {@code staged-cpu}. */
    public static final String VARIABLE = "MODELFAMILY_DEVICE";

    private final String torchName;
    private final String text;

    Device(String torchName, String text) {
        this.torchName = torchName;
        this.text = text;
    }

    /**
     * The device that an environment asks for.
     *
     * @param gpus how many GPUs libtorch sees; empty where it is built for processors only. Asked for only where it matters
     * @throws StageException {@link ExitCode#BAD_ORDER} for a word that is not known, and where a GPU is asked of a libtorch for
     *     processors; {@link ExitCode#TRY_LATER} where a GPU is asked for and none is seen, as on a node in trouble
     */
    static Device of(Map<String, String> environment, Supplier<OptionalInt> gpus) {
        String asked = environment.getOrDefault(VARIABLE, "").strip();
        return switch (asked) {
            case "cpu" -> PROCESSOR;
            case "staged-cpu" -> STAGED_PROCESSOR;
            case "", "auto" -> gpus.get().orElse(0) > 0 ? GPU : PROCESSOR;
            case "gpu" -> gpu(gpus.get());
            default ->
                throw new StageException(
                        ExitCode.BAD_ORDER, VARIABLE + " is '" + asked + "'; give auto, cpu or gpu, or leave it out");
        };
    }

    private static Device gpu(OptionalInt seen) {
        if (seen.isEmpty()) {
            throw new StageException(
                    ExitCode.BAD_ORDER,
                    "a GPU is asked for (" + VARIABLE
                            + "=gpu), but this trainer has a libtorch for processors only; use"
                            + " the trainer's image for GPUs, whose tag ends in -gpu, or ask for no GPU");
        }
        if (seen.getAsInt() == 0) {
            throw new StageException(
                    ExitCode.TRY_LATER,
                    "a GPU is asked for (" + VARIABLE + "=gpu), but none is visible to libtorch; look at the node's"
                            + " driver, its device plugin and the pod's runtimeClassName, or ask for no GPU");
        }
        return GPU;
    }

    /** How libtorch names it. */
    String torchName() {
        return torchName;
    }

    /** Whether the memory of a tensor is that of this process. */
    boolean isHostReadable() {
        return this == PROCESSOR;
    }

    /** How many operations are best begun side by side, each on a thread of its own: a GPU is full with one. */
    int parallel(int threads) {
        return switch (this) {
            case PROCESSOR, STAGED_PROCESSOR -> threads;
            case GPU -> 1;
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
