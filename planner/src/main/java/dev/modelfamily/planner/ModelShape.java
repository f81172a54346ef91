package dev.modelfamily.planner;

import java.util.Optional;
import java.util.SortedMap;

/**
 * The architecture of a Llama-type model, as its Hugging Face {@code config.json} gives it; enough to count parameters and
 * FLOPs and to build the model.
 *
 * @param modelType {@code llama}, {@code mistral}, {@code qwen2} or {@code qwen3}
 * @param headDim of one attention head; {@code heads * headDim} may differ from {@code hidden} (Qwen3)
 * @param tied whether the output head is the embedding
 * @param qkvBias whether q, k and v have a bias (Qwen2)
 * @param outputBias whether o has a bias ({@code attention_bias} of Llama and Qwen3)
 * @param mlpBias whether gate, up and down have a bias
 * @param qkNorm whether q and k are normalised by head (Qwen3)
 * @param slidingWindow tokens that a token may look back; 0 for all (Mistral)
 * @param ropeScaling the {@code rope_scaling} of llama3 kind, if any
 * @param ranks of the linears that are already factored, by name without {@code .weight}; empty for a stock model
 */
public record ModelShape(
        String modelType,
        int layers,
        int hidden,
        int intermediate,
        int heads,
        int kvHeads,
        int headDim,
        int vocabulary,
        int maxPositions,
        boolean tied,
        boolean qkvBias,
        boolean outputBias,
        boolean mlpBias,
        boolean qkNorm,
        int slidingWindow,
        double normEps,
        double ropeTheta,
        Optional<RopeScaling> ropeScaling,
        SortedMap<String, Integer> ranks) {

    /** The same model with other ranks. */
    public ModelShape withRanks(SortedMap<String, Integer> ranks) {
        return new ModelShape(
                modelType,
                layers,
                hidden,
                intermediate,
                heads,
                kvHeads,
                headDim,
                vocabulary,
                maxPositions,
                tied,
                qkvBias,
                outputBias,
                mlpBias,
                qkNorm,
                slidingWindow,
                normEps,
                ropeTheta,
                ropeScaling,
                ranks);
    }

    /** Frequency-dependent scaling of the rotary embedding as of Llama 3.1. */
    public record RopeScaling(double factor, double lowFreqFactor, double highFreqFactor, int originalMaxPositions) {}
}
