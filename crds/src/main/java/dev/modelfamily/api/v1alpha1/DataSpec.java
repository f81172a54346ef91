package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * The texts: what is trained on, what is measured on, and what calibrates the decomposition.
 *
 * @param calibration the training texts where the user named none
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(value = Rules.EVALUATION_IS_NOT_TRAINING, messageExpression = Rules.EVALUATION_IS_NOT_TRAINING_MESSAGE)
public record DataSpec(
        @Required @JsonPropertyDescription("The texts that members are trained on after each cut")
        DataSourceSpec training,

        @Size(max = 16)
        @JsonPropertyDescription(
                "The sets that quality is measured on, each by a name; never a part of the training texts."
                        + " Default: none, then no perplexity is reported")
        List<EvaluationSpec> evaluation,

        @JsonPropertyDescription("The texts whose activations decide what a cut keeps; truncation Plain needs none."
                + " Default: the training texts")
        DataSourceSpec calibration,

        @Size(max = 9)
        @Pattern(Units.SHARE)
        @JsonPropertyDescription("The share of broken or empty lines above which preparation fails. Default: 1%")
        String maxBadLines,

        @JsonPropertyDescription(
                "What happens when a stage asks for more tokens than the texts have. Repeat: further epochs; Stop: the"
                        + " stage ends early and says so. Default: Repeat")
        OnDataEnd onEnd) {
    /** The share of broken or empty lines that is let pass where nothing else is said. */
    public static final String USUAL_BAD_LINES = "1%";

    public DataSpec {
        evaluation = Defaults.list(evaluation);
        calibration = Defaults.or(calibration, training);
        maxBadLines = Defaults.or(maxBadLines, USUAL_BAD_LINES);
        onEnd = Defaults.or(onEnd, OnDataEnd.Repeat);
    }

    /** {@link #maxBadLines} as a fraction of one. */
    public double maxBadLinesShare() {
        return Units.share(maxBadLines);
    }
}
