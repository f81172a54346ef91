package dev.modelfamily.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.modelfamily.api.v1alpha1.OnDataEnd;
import dev.modelfamily.api.v1alpha1.Precision;
import dev.modelfamily.api.v1alpha1.RecoveryLoss;
import dev.modelfamily.api.v1alpha1.Schedule;
import java.util.Optional;

/**
 * How a stage trains after the cut.
 *
 * @param tokens the tokens to train on; 0 for a cut without recovery
 * @param batchTokens the tokens of one optimizer step, a multiple of {@code sequenceLength}
 * @param sequenceLength the tokens of one packed sequence
 * @param learningRate the peak, reached at the end of the warm-up
 * @param warmupShare the share of the steps in which the rate rises from zero, 0 to 1
 * @param weightDecay of AdamW, on matrices only
 * @param clipNorm the global gradient norm above which gradients are scaled down
 * @param seed of the order of the data
 * @param checkpointSeconds the time between two checkpoints
 * @param onDataEnd what happens when {@code tokens} is more than the data has
 * @param distillation null where it is the usual one, which an order does not write; read it by {@link #distilling()}
 */
public record Recovery(
        RecoveryLoss loss,
        long tokens,
        int batchTokens,
        int sequenceLength,
        double learningRate,
        Schedule schedule,
        double warmupShare,
        double weightDecay,
        double clipNorm,
        Precision precision,
        long seed,
        int checkpointSeconds,
        OnDataEnd onDataEnd,
        @JsonInclude(JsonInclude.Include.NON_NULL) Distillation distillation) {
    /** How it learns from the parent; empty where it learns the next token. */
    public Optional<Distillation> distilling() {
        return switch (loss) {
            case Distillation -> Optional.of(distillation == null ? Distillation.USUAL : distillation);
            case LanguageModel -> Optional.empty();
        };
    }
}
