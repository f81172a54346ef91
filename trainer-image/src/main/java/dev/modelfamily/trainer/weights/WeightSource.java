package dev.modelfamily.trainer.weights;

import java.lang.foreign.MemorySegment;
import java.util.SortedMap;

/** The tensors of a model, decoded one at a time so that a model is never in memory twice. */
public interface WeightSource extends AutoCloseable {
    /** All tensors by name, in the order of the names. */
    SortedMap<String, TensorInfo> tensors();

    /**
     * Decodes one tensor to fp32, row-major.
     *
     * @param target of exactly {@code 4 * elements} bytes, little endian
     * @throws dev.modelfamily.contract.StageException with {@code BAD_DATA} where the tensor is missing, damaged, or holds
     *     NaN or an infinity; the message names the file, the tensor and the place
     */
    void read(String name, MemorySegment target);

    @Override
    void close();
}
