package dev.modelfamily.trainer.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;

/**
 * A tensor on its way into a file.
 *
 * @param name in the checkpoint
 * @param type of the elements in the file; rounded to the nearest, ties to even
 * @param shape row-major, {@code [out, in]} for a linear
 * @param values the elements in fp32, asked for once, when the tensor's turn comes
 */
public record TensorToWrite(String name, ElementType type, List<Long> shape, Values values) {
    /** The elements of a tensor. */
    @FunctionalInterface
    public interface Values {
        /** Hands over {@code 4 * elements} bytes of fp32, in one piece or in several, one after the other. */
        void read(Pieces reader) throws IOException;
    }

    /** Gets the elements of a tensor. */
    @FunctionalInterface
    public interface Pieces {
        /** Whole elements from this byte on; they need to stay only during the call. */
        void read(long offset, MemorySegment bytes) throws IOException;
    }

    /** A tensor that is computed into memory of its own when its turn comes. */
    public static TensorToWrite filled(String name, ElementType type, List<Long> shape, Consumer<MemorySegment> fill) {
        return new TensorToWrite(name, type, shape, reader -> {
            long elements = shape.stream().reduce(1L, Math::multiplyExact);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment values = arena.allocate(Float.BYTES * elements, Float.BYTES);
                fill.accept(values);
                reader.read(0, values);
            }
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
