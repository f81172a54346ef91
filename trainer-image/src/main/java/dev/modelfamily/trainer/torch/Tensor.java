package dev.modelfamily.trainer.torch;

import ai.djl.pytorch.engine.PtNDArray;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** A handle on a PyTorch tensor: a shape and memory, no arithmetic. Not garbage collected: whoever holds it closes it. */
public final class Tensor implements AutoCloseable {
    private final PtNDArray array;

    Tensor(PtNDArray array) {
        this.array = array;
    }

    PtNDArray array() {
        return array;
    }

    /** The shape, outermost dimension first. */
    public long[] shape() {
        return array.getShape().getShape();
    }

    /** The product of the shape. */
    public long elements() {
        return Arrays.stream(shape()).reduce(1, Math::multiplyExact);
    }

    /**
     * The tensor's own memory, row-major, for reading and writing; the tensor must be contiguous and on the CPU, and stay open
     * as long as the segment is used.
     */
    public MemorySegment memory() {
        return Torch.memory(array.getHandle(), elements() * array.getDataType().getNumOfBytes());
    }

    /** The elements of a small fp64 tensor. */
    public double[] toDoubles() {
        return memory().toArray(ValueLayout.JAVA_DOUBLE);
    }

    /** The elements of a small fp32 tensor. */
    public float[] toFloats() {
        return memory().toArray(ValueLayout.JAVA_FLOAT);
    }

    @Override
    public void close() {
        array.close();
    }
}
