package dev.modelfamily.trainer.stage;

import dev.modelfamily.api.v1alpha1.Precision;
import dev.modelfamily.trainer.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * In what the linears compute while training. {@link Precision#Auto} goes by what the processor has, not by a measurement: on a
 * busy machine a measurement comes out one way or the other, and with it the bytes of the member. On GPUs it is bf16, which those
 * since 2020 (A100) multiply many times as fast. The choice is kept with the first checkpoint of a stage. On two kinds of devices
 * Auto may still give two different members for one key; whoever needs the same bytes everywhere asks for
 * {@link Precision#Float32}.
 */
final class Precisions {
    /** Where Linux says what a processor can do; absent elsewhere. */
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /**
     * Matrix units for bf16, with which a product of 2048 x 2048 was seen to run four times as fast as in fp32. Without them,
     * also with vector instructions for it ({@code avx512_bf16}), bf16 was slower or gained less than a factor of two.
     */
    private static final String MATRIX_UNITS = "amx_bf16";

    private Precisions() {}

    static boolean isBFloat16(Precision asked) {
        return switch (asked) {
            case Float32 -> false;
            case BFloat16 -> true;
            case Auto ->
                switch (Torch.device()) {
                    case GPU -> true;
                    case PROCESSOR, STAGED_PROCESSOR -> hasMatrixUnits(processors());
                };
        };
    }

    /** Whether every processor of a {@code /proc/cpuinfo} multiplies bf16 matrices in hardware. */
    static boolean hasMatrixUnits(List<String> lines) {
        List<String> flags =
                lines.stream().filter(line -> line.startsWith("flags")).toList();
        return !flags.isEmpty()
                && flags.stream().allMatch(line -> List.of(line.split("\\s+")).contains(MATRIX_UNITS));
    }

    private static List<String> processors() {
        try (Stream<String> lines = Files.lines(PROCESSORS)) {
            return lines.toList();
        } catch (IOException _) {
            return List.of(); // no Linux: then fp32, which every machine computes well
        }
    }
}
