package dev.modelfamily.trainer.weights;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Small tensors for tests. */
public final class Tensors {
    private Tensors() {}

    public static TensorToWrite vector(String name, ElementType type, float... values) {
        return new TensorToWrite(
                name, type, List.of((long) values.length), reader -> reader.read(0, MemorySegment.ofArray(values)));
    }

    public static TensorToWrite matrix(String name, ElementType type, int rows, float... values) {
        List<Long> shape = List.of((long) rows, (long) values.length / rows);
        return new TensorToWrite(name, type, shape, reader -> reader.read(0, MemorySegment.ofArray(values)));
    }

    public static float[] read(WeightSource source, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target =
                    arena.allocate(Float.BYTES * source.tensors().get(name).elements(), Float.BYTES);
            source.read(name, target);
            return target.toArray(ValueLayout.JAVA_FLOAT);
        }
    }
}
