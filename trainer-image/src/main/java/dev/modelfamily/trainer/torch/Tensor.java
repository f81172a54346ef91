package dev.modelfamily.trainer.torch;

import ai.djl.pytorch.engine.PtNDArray;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A handle on a PyTorch tensor: a shape, and bytes on the device. No arithmetic. Not garbage collected: whoever holds it
 * closes it.
 */
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

    /** The size in bytes. */
    public long bytes() {
        return elements() * elementBytes();
    }

    long elementBytes() {
        return array.getDataType().getNumOfBytes();
    }

    /**
     * The tensor's own memory, row-major. Only {@link Staging} may ask for it: the tensor must lie in the memory of this process,
     * be contiguous, and stay open as long as the segment is used.
     */
    MemorySegment memory() {
        if (array.getDevice().isGpu()) {
            throw new IllegalStateException("the memory of a tensor on a GPU cannot be read or written from here");
        }
        return Torch.memory(array.getHandle(), bytes());
    }

    /**
     * Writes a contiguous tensor.
     *
     * @param fill writes all elements, row-major, into a segment of {@link #bytes()}, whose content before is not that of the
     *     tensor; the segment is valid during the call
     */
    public void fill(Consumer<MemorySegment> fill) {
        Staging.fill(this, fill);
    }

    /** Gets the bytes of a tensor. */
    @FunctionalInterface
    public interface Reader<E extends Exception> {
        /** The bytes from {@code offset} on; valid during the call. */
        void read(long offset, MemorySegment bytes) throws E;
    }

    /** Reads a contiguous tensor, row-major: in one piece where its memory is that of this process, else one after the other. */
    public <E extends Exception> void read(Reader<E> reader) throws E {
        Staging.read(this, reader);
    }

    /** Copies a contiguous tensor, row-major, into a segment of {@link #bytes()} at least. */
    public void copyTo(MemorySegment target) {
        read((offset, bytes) -> MemorySegment.copy(bytes, 0, target, offset, bytes.byteSize()));
    }

    /** The first byte in which two contiguous tensors of one size differ; negative where there is none. */
    public long mismatch(Tensor other) {
        if (bytes() != other.bytes()) {
            throw new IllegalArgumentException("a tensor of " + bytes() + " bytes and one of " + other.bytes());
        }
        return Staging.mismatch(this, other);
    }

    /** The elements of a small fp64 tensor. */
    public double[] toDoubles() {
        double[] values = new double[Math.toIntExact(elements())];
        copyTo(MemorySegment.ofArray(values));
        return values;
    }

    /** The elements of a small fp32 tensor. */
    public float[] toFloats() {
        float[] values = new float[Math.toIntExact(elements())];
        copyTo(MemorySegment.ofArray(values));
        return values;
    }

    @Override
    public void close() {
        array.close();
    }
}
