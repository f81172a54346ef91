package dev.modelfamily.planner;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A device that stages run on, for estimates.
 *
 * @param name such as {@code H100}
 * @param flops floating point operations per second that training sustains, well below the peak of the data sheet
 * @param memoryBytes 0 where it is not known
 * @param gpu whether its hours are counted as GPU-hours
 */
public record Device(String name, double flops, long memoryBytes, boolean gpu) {
    private static final long GB = 1_000_000_000L;

    /**
     * GPUs by their dense bf16 peak (data sheets of NVIDIA: H100 and H200 SXM 989, A100 312, L4 121, in TFLOP/s) times a
     * utilisation of 0.4, as well-tuned trainings of such models reach (PaLM, arXiv 2204.02311, table 3: 0.21 to 0.46).
     */
    private static final List<Device> GPUS = List.of(
            new Device("H200", 0.4 * 989e12, 141 * GB, true),
            new Device("H100", 0.4 * 989e12, 80 * GB, true),
            new Device("A100", 0.4 * 312e12, 80 * GB, true),
            new Device("L4", 0.4 * 121e12, 24 * GB, true));

    /** What one core of a present server sustains in fp32 training; products alone run about twice as fast. */
    private static final double CPU_CORE_FLOPS = 50e9;

    /** A processor with some cores, computing in fp32. */
    public static Device cpu(int cores) {
        return new Device(cores + " CPU cores", cores * CPU_CORE_FLOPS, 0, false);
    }

    /** A GPU by its name, in any case: H200, H100, A100, L4. */
    public static Optional<Device> gpu(String name) {
        return GPUS.stream()
                .filter(gpu -> gpu.name.equals(name.toUpperCase(Locale.ROOT)))
                .findFirst();
    }
}
