package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;

/**
 * How a stage trains. A member may override each field, so a field that was left out is null here until {@link #over} fills it:
 * {@link ModelFamilySpec#training()} and {@link ModelFamilySpec#trainingOf} are complete, {@link MemberSpec#training()} is not.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "!has(self.batchTokens) || !has(self.sequenceLength) || type(self.batchTokens) != int"
                + " || int(self.batchTokens) % self.sequenceLength == 0",
        fieldPath = ".batchTokens",
        message = "batchTokens must be a multiple of sequenceLength: a step takes whole sequences")
public record TrainingSpec(
        @Pattern(Units.COUNT)
        @JsonPropertyDescription("Tokens of one optimizer step, a multiple of sequenceLength. Default: 65536")
        String batchTokens,

        @Min(16)
        @Max(1048576)
        @JsonPropertyDescription("Tokens of one packed sequence, at most the parent's context. Default: 1024")
        Integer sequenceLength,

        @Size(min = 1, max = 20)
        @Pattern(Units.DECIMAL)
        @JsonPropertyDescription(
                "The highest learning rate, reached after the warm-up. Example: \"3e-4\". Default: \"1e-4\"")
        String learningRate,

        @JsonPropertyDescription(
                "The course of the learning rate after the warm-up: Cosine, Linear or Constant. Default: Cosine")
        Schedule schedule,

        @Size(min = 1, max = 9)
        @Pattern(Units.SHARE)
        @JsonPropertyDescription("The share of the steps in which the learning rate rises from zero. Default: 2%")
        String warmup,

        @Size(min = 1, max = 20)
        @Pattern(Units.DECIMAL)
        @JsonPropertyDescription("Weight decay of AdamW, on matrices only. Default: \"0.01\"")
        String weightDecay,

        @Size(min = 1, max = 20)
        @Pattern(Units.DECIMAL)
        @JsonPropertyDescription(
                "The norm of the gradient of all weights above which it is scaled down. Default: \"1.0\"")
        String clipNorm,

        @JsonPropertyDescription(
                "The number format of the computation; weights are always kept in Float32. Auto: what is fastest on the"
                        + " device. Default: Auto")
        Precision precision,

        @Min(0)
        @JsonPropertyDescription(
                "The seed of all that is drawn by chance; the same seed gives the same member. Default: 0")
        Long seed,

        @Size(min = 1, max = 28)
        @Pattern(Units.DURATION)
        @JsonPropertyDescription("The time between two checkpoints. Default: 10m")
        String checkpointInterval) {
    /** Nothing said: every field is left to another. */
    public static final TrainingSpec NOTHING =
            new TrainingSpec(null, null, null, null, null, null, null, null, null, null);

    /** What applies where the user says nothing of training. Complete. */
    public static final TrainingSpec DEFAULT =
            new TrainingSpec("65536", 1024, "1e-4", Schedule.Cosine, "2%", "0.01", "1.0", Precision.Auto, 0L, "10m");

    /** This, with what it leaves out taken from another. */
    public TrainingSpec over(TrainingSpec base) {
        return new TrainingSpec(
                Defaults.or(batchTokens, base.batchTokens),
                Defaults.or(sequenceLength, base.sequenceLength),
                Defaults.or(learningRate, base.learningRate),
                Defaults.or(schedule, base.schedule),
                Defaults.or(warmup, base.warmup),
                Defaults.or(weightDecay, base.weightDecay),
                Defaults.or(clipNorm, base.clipNorm),
                Defaults.or(precision, base.precision),
                Defaults.or(seed, base.seed),
                Defaults.or(checkpointInterval, base.checkpointInterval));
    }

    /** {@link #batchTokens} as a number. */
    public long batchTokenCount() {
        return Units.count(batchTokens);
    }

    /** {@link #learningRate} as a number. */
    public double peakLearningRate() {
        return Units.decimal(learningRate);
    }

    /** {@link #warmup} as a fraction of one. */
    public double warmupShare() {
        return Units.share(warmup);
    }

    /** {@link #weightDecay} as a number. */
    public double weightDecayRate() {
        return Units.decimal(weightDecay);
    }

    /** {@link #clipNorm} as a number. */
    public double clipNormValue() {
        return Units.decimal(clipNorm);
    }

    /** {@link #checkpointInterval} as a duration. */
    public Duration checkpointEvery() {
        return Units.duration(checkpointInterval);
    }
}
