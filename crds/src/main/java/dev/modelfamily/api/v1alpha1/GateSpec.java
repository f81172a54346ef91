package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** The quality that a member must have for the family to go on. */
public record GateSpec(
        @Required
        @Size(min = 1, max = 40)
        @JsonPropertyDescription("The name of the set in data.evaluation that is measured")
        String evaluation,

        @Required
        @Size(min = 1, max = 20)
        @Pattern(Units.DECIMAL)
        @JsonPropertyDescription("The member's perplexity divided by the parent's, at most. Example: \"1.25\"")
        String maxPerplexityRatio,

        @JsonPropertyDescription(
                "What happens when the member misses the gate. Stop: the family fails; Continue: it is reported; Prune:"
                        + " the members made from this one are skipped. Default: Stop")
        OnMiss onMiss) {
    public GateSpec {
        evaluation = Defaults.text(evaluation);
        onMiss = Defaults.or(onMiss, OnMiss.Stop);
    }

    /** {@link #maxPerplexityRatio} as a number. */
    public double maxRatio() {
        return Units.decimal(maxPerplexityRatio);
    }
}
