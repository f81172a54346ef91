package dev.modelfamily.trainer.weights;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** The checks that every tensor goes through on its way out of a file. */
public final class Decoded {
    private Decoded() {}

    /**
     * Decodes a tensor and checks it.
     *
     * @param target of exactly {@code 4 * elements} bytes
     * @param decode fills the target
     * @throws StageException {@link ExitCode#BAD_DATA} where a value is NaN or infinite: the first one is named
     */
    public static void into(Path file, TensorInfo info, MemorySegment target, Runnable decode) {
        if (target.byteSize() != Float.BYTES * info.elements()) {
            throw new IllegalArgumentException("tensor " + info.name() + " needs " + Float.BYTES * info.elements()
                    + " bytes as fp32, the target has " + target.byteSize());
        }
        decode.run();
        long bad = ElementType.F32.firstNonFinite(target);
        if (bad >= 0) {
            float value = target.get(ValueLayout.JAVA_FLOAT_UNALIGNED, Float.BYTES * bad);
            throw new StageException(
                    ExitCode.BAD_DATA,
                    file + ": tensor " + info.name() + " holds " + value + " at index " + bad + " of shape "
                            + info.shape() + "; the model is damaged, fetch it again or use another revision");
        }
    }
}
