package dev.modelfamily.trainer.weights;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A tensor on its way into a file.
 *
 * @param name in the checkpoint
 * @param type of the elements in the file; rounded to the nearest, ties to even
 * @param shape row-major, {@code [out, in]} for a linear
 * @param values the elements in fp32, {@code 4 * elements} bytes. Asked for once, when the tensor's turn comes; they need to
 *     stay only until the next tensor is asked for
 */
public record TensorToWrite(String name, ElementType type, List<Long> shape, Supplier<MemorySegment> values) {
    /** A tensor that is computed into memory of its own when its turn comes. */
    public static TensorToWrite filled(String name, ElementType type, List<Long> shape, Consumer<MemorySegment> fill) {
        return new TensorToWrite(name, type, shape, () -> {
            long elements = shape.stream().reduce(1L, Math::multiplyExact);
            MemorySegment values = Arena.ofAuto().allocate(Float.BYTES * elements, Float.BYTES);
            fill.accept(values);
            return values;
        });
    }

    /** The product of the shape. */
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** Bytes in the file. */
    public long bytes() {
        return Math.multiplyExact(elements(), (long) type.bytes());
    }
}
