package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;

/** What is minimised when a member learns from the parent. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record DistillationSpec(
        @Size(min = 1, max = 20)
        @Pattern(Units.TEMPERATURE)
        @JsonPropertyDescription(
                "What the logits of both models are divided by before their distributions are compared, 0.001 to 999;"
                        + " the divergence is multiplied by its square, so that gradients keep their size. Default:"
                        + " \"1\"")
        String temperature,

        @Size(min = 1, max = 20)
        @Pattern(Units.WEIGHT)
        @JsonPropertyDescription(
                "The weight of the next token's cross-entropy in the loss, \"0\" to \"1\"; the divergence has the rest."
                        + " Default: \"0\"")
        String crossEntropyWeight,

        @Size(min = 1, max = 20)
        @Pattern(Units.DECIMAL)
        @JsonPropertyDescription(
                "The weight of the hidden states behind each block, added to the rest of the loss: the mean over blocks of"
                        + " their squared distance from the parent's, as a share of the parent's squared length. Default:"
                        + " \"0\"")
        String hiddenStateWeight) {
    /** What applies where the user says nothing of it. */
    public static final DistillationSpec DEFAULT = new DistillationSpec(null, null, null);

    public DistillationSpec {
        temperature = Defaults.or(temperature, "1");
        crossEntropyWeight = Defaults.or(crossEntropyWeight, "0");
        hiddenStateWeight = Defaults.or(hiddenStateWeight, "0");
    }

    /** {@link #temperature} as a number. */
    public double softening() {
        return Double.parseDouble(temperature);
    }

    /** {@link #crossEntropyWeight} as a number. */
    public double crossEntropyShare() {
        return Double.parseDouble(crossEntropyWeight);
    }

    /** {@link #hiddenStateWeight} as a number. */
    public double hiddenStateFactor() {
        return Units.decimal(hiddenStateWeight);
    }
}
