package dev.modelfamily.planner;

import dev.modelfamily.api.v1alpha1.Fit;
import dev.modelfamily.api.v1alpha1.MethodSpec;
import dev.modelfamily.api.v1alpha1.TrainingSpec;
import dev.modelfamily.api.v1alpha1.Truncation;

/**
 * What a model of some shape costs to run and to train.
 *
 * @param shape of the member
 */
record Costs(ModelShape shape) {
    private static final int FLOAT_BYTES = 4;
    private static final int DOUBLE_BYTES = 8;
    /** Moments, their roots and inverses, eigenvectors, the workspace of the solver. */
    private static final int FACTORISATION_COPIES = 10;
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
        long tokens = atOnce(training);
        long state = STATE_COPIES * FLOAT_BYTES * Parameters.of(shape);
        long betweenBlocks = hiddenStates(training) + 4 * tokens * shape.hidden() * FLOAT_BYTES;
        long inBlock = 2 * tokens * valuesInBlock() * FLOAT_BYTES;
        return state + betweenBlocks + inBlock + LOGIT_BYTES + RUNTIME_BYTES;
    }

    private static long atOnce(TrainingSpec training) {
        return Math.min(training.batchTokenCount(), Math.max(TOKENS_AT_ONCE, training.sequenceLength()));
    }

    /** One tensor a block and token of what is computed at once, in bytes. */
    long hiddenStates(TrainingSpec training) {
        return atOnce(training) * shape.hidden() * shape.layers() * FLOAT_BYTES;
    }

    /**
     * The highest memory of a cut of this model that measures texts, in bytes: its weights and, until the ranks are known, what
     * each linear may become, both in fp32; of all texts the input of each block, or of one block where no gradients are
     * measured; the moments of a block's linears in fp64; and of one batch everything inside of one block twice, and its
     * gradients twice, as the narrowest places of the linears are kept beside it.
     */
    long cutMemory(MethodSpec method, int sequenceLength) {
        boolean gradients = method.truncation() == Truncation.TwoSided;
        long batch = Math.max(TOKENS_AT_ONCE, sequenceLength);
        long tokens = Math.max(batch, method.calibrationTokenCount());
        long weights = FLOAT_BYTES * (Parameters.of(shape) + Parameters.inLinears(shape));
        long measuring = shape.hidden() * (gradients ? shape.layers() + 1L : 1);
        long kept = tokens * Math.max(measuring, method.fit() == Fit.None ? 0 : valuesOfFit()) * FLOAT_BYTES;
        long inBlock = (gradients ? 4 : 2) * batch * valuesInBlock() * FLOAT_BYTES;
        return weights + kept + momentBytes(gradients) + inBlock + LOGIT_BYTES + RUNTIME_BYTES;
    }

    /** Values of one token: hidden states of two models, and what the linears of one block read. */
    private long valuesOfFit() {
        return 4L * shape.hidden() + (long) shape.heads() * shape.headDim() + shape.intermediate();
    }

    /** Of the linears of one block at their narrowest places, and as much again for the factorisations of one. */
    private long momentBytes(boolean gradients) {
        long sums = 0;
        long most = 0;
        for (Linear linear : Linears.of(shape).subList(0, Linears.of(shape).size() / shape.layers())) {
            long narrowest = shape.ranks().getOrDefault(linear.name(), Math.min(linear.in(), linear.out()));
            sums += (gradients ? 2 : 1) * narrowest * narrowest;
            most = Math.max(most, narrowest * narrowest);
        }
        return DOUBLE_BYTES * (sums + FACTORISATION_COPIES * most);
    }

    /** Values of one token inside of a block: norms and residuals; q, k, v, rotated and repeated; gate, up, and their product. */
    private long valuesInBlock() {
        return 8L * shape.hidden() + 7L * shape.heads() * shape.headDim() + 5L * shape.intermediate();
    }
}
