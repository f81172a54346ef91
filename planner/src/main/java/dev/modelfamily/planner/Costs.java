package dev.modelfamily.planner;

import dev.modelfamily.api.v1alpha1.TrainingSpec;

/**
 * What a model of some shape costs to run and to train.
 *
 * @param shape of the member
 */
record Costs(ModelShape shape) {
    private static final int FLOAT_BYTES = 4;
    /** Weight, gradient and the two moments of AdamW. */
    private static final int STATE_COPIES = 4;
    /** The trainer computes about so many tokens of a batch at once. */
    private static final long TOKENS_AT_ONCE = 2_048;
    /** Logits, and what the softmax makes of them, exist in chunks of about this size. */
    private static final long LOGIT_BYTES = 2 * (48L << 20);
    /** The Java virtual machine and libtorch themselves. */
    private static final long RUNTIME_BYTES = 400L << 20;

    /**
     * Floating point operations of one token forward: two for each parameter of a matrix product (embedding lookup excluded,
     * output head included) and {@code 4 * layers * heads * headDim * window} for attention scores and values
     * (Kaplan et al. 2020, table 1; Chowdhery et al. 2022, PaLM, appendix B, without a discount for the causal mask).
     */
    double forward(int sequenceLength) {
        double matrices = Parameters.inLinears(shape) + (double) shape.vocabulary() * shape.hidden();
        double window = shape.slidingWindow() > 0 ? Math.min(shape.slidingWindow(), sequenceLength) : sequenceLength;
        return 2 * matrices + 4.0 * shape.layers() * shape.heads() * shape.headDim() * window;
    }

    /** Operations of one trained token: forward, backward twice that, and forward once more, as activations are recomputed. */
    double training(int sequenceLength) {
        return 4 * forward(sequenceLength);
    }

    /** Bytes of the exported weights, in fp32. */
    long exportBytes() {
        return FLOAT_BYTES * Parameters.of(shape);
    }

    /**
     * The highest memory of recovery, in bytes: the weights with gradients and moments in fp32; one tensor a block and token;
     * everything inside of one block twice, for its values and their gradients; one chunk of logits; the runtime.
     */
    long peakMemory(TrainingSpec training) {
        long tokens = Math.min(training.batchTokenCount(), Math.max(TOKENS_AT_ONCE, training.sequenceLength()));
        long state = STATE_COPIES * FLOAT_BYTES * Parameters.of(shape);
        long betweenBlocks = tokens * shape.hidden() * (shape.layers() + 4L) * FLOAT_BYTES;
        long inBlock = 2 * tokens * valuesInBlock() * FLOAT_BYTES;
        return state + betweenBlocks + inBlock + LOGIT_BYTES + RUNTIME_BYTES;
    }

    /** Values of one token inside of a block: norms and residuals; q, k, v, rotated and repeated; gate, up, and their product. */
    private long valuesInBlock() {
        return 8L * shape.hidden() + 7L * shape.heads() * shape.headDim() + 5L * shape.intermediate();
    }
}
