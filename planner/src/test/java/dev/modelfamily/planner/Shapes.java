package dev.modelfamily.planner;

import java.util.Optional;
import java.util.TreeMap;

/** Shapes of real and of small models for tests. */
public final class Shapes {
    private Shapes() {}

    /** SmolLM2-135M: 134,515,008 parameters. */
    public static ModelShape smollm2() {
        return llama(30, 576, 1536, 9, 3, 64, 49152, true);
    }

    /** Llama 2 7B: 6,738,415,616 parameters. */
    public static ModelShape llama7b() {
        return llama(32, 4096, 11008, 32, 32, 128, 32000, false);
    }

    /** Two small blocks. */
    public static ModelShape tiny() {
        return llama(2, 64, 160, 4, 2, 16, 300, true);
    }

    /** Two small blocks with a short context. */
    public static ModelShape tiny(int maxPositions) {
        return llama(2, 64, 160, 4, 2, 16, 300, maxPositions, true);
    }

    /** Any Llama-type model without biases. */
    public static ModelShape llama(
            int layers, int hidden, int inner, int heads, int kvHeads, int headDim, int vocabulary, boolean tied) {
        return llama(layers, hidden, inner, heads, kvHeads, headDim, vocabulary, 2048, tied);
    }

    private static ModelShape llama(
            int layers,
            int hidden,
            int inner,
            int heads,
            int kvHeads,
            int headDim,
            int vocabulary,
            int maxPositions,
            boolean tied) {
        return new ModelShape(
                "llama",
                layers,
                hidden,
                inner,
                heads,
                kvHeads,
                headDim,
                vocabulary,
                maxPositions,
                tied,
                false,
                false,
                false,
                false,
                0,
                1e-5,
                10_000,
                Optional.empty(),
                new TreeMap<>());
    }
}
