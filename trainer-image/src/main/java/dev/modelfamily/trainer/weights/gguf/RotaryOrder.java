package dev.modelfamily.trainer.weights.gguf;

import dev.modelfamily.trainer.weights.TensorInfo;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The order of the rows of q and k within a head. llama.cpp rotates neighbours (rows {@code 2i} and {@code 2i + 1}) where
 * Hugging Face rotates halves (rows {@code i} and {@code i + dim/2}), so its converter permutes the rows of Llama models. It
 * leaves Qwen models as they are.
 *
 * @param heads of q; 0 where nothing is permuted
 * @param kvHeads of k; 0 where nothing is permuted
 */
record RotaryOrder(long heads, long kvHeads) {
    static RotaryOrder of(Metadata metadata) {
        if (!metadata.text("general.architecture").orElse("").equals("llama")) {
            return new RotaryOrder(0, 0);
        }
        long heads = metadata.requiredNumber("llama.attention.head_count");
        return new RotaryOrder(
                heads, metadata.number("llama.attention.head_count_kv").orElse(heads));
    }

    /**
     * Whether the rows of a tensor can be those of so many heads.
     *
     * @param stored its name in the file and its shape {@code [heads * dim, ...]}
     */
    boolean fits(TensorInfo stored) {
        long count = heads(stored.name());
        return count == 0 || (!stored.shape().isEmpty() && stored.shape().getFirst() % (2 * count) == 0);
    }

    /**
     * Puts the rows of a q or k weight or bias back into the order of Hugging Face; leaves other tensors alone.
     *
     * @param stored a tensor that {@link #fits}
     * @param values fp32, row-major
     */
    void restore(TensorInfo stored, MemorySegment values) {
        long count = heads(stored.name());
        if (count == 0) {
            return;
        }
        long rows = stored.shape().getFirst();
        int dim = Math.toIntExact(rows / count);
        int width = Math.toIntExact(stored.elements() / rows);
        float[] head = new float[Math.multiplyExact(dim, width)];
        for (long h = 0; h < count; h++) {
            long start = (long) Float.BYTES * h * dim * width;
            MemorySegment.copy(values, ValueLayout.JAVA_FLOAT_UNALIGNED, start, head, 0, head.length);
            for (int row = 0; row < dim; row++) {
                int from = row < dim / 2 ? 2 * row : 2 * (row - dim / 2) + 1;
                MemorySegment.copy(
                        head,
                        from * width,
                        values,
                        ValueLayout.JAVA_FLOAT_UNALIGNED,
                        start + (long) Float.BYTES * row * width,
                        width);
            }
        }
    }

    private long heads(String name) {
        if (name.contains(".attn_q.")) {
            return heads;
        }
        return name.contains(".attn_k.") ? kvHeads : 0;
    }
}
