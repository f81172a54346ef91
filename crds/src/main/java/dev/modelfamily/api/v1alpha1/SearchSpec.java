package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * Instead of listed members: find one by bisection along the chain.
 *
 * @param maxPerplexityRatio empty for goal {@link SearchGoal#BestUnderSize}
 * @param maxSize the biggest size tried
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "self.goal != 'SmallestWithinPerplexity' || has(self.maxPerplexityRatio)",
        message = "goal SmallestWithinPerplexity needs maxPerplexityRatio")
@ValidationRule(
        value = "self.goal != 'BestUnderSize' || has(self.maxSize)",
        message = "goal BestUnderSize needs maxSize")
@ValidationRule(
        value = Rules.SEARCH_HAS_A_RANGE,
        fieldPath = ".minSize",
        message = "minSize must be smaller than maxSize")
public record SearchSpec(
        @Required
        @JsonPropertyDescription(
                "What is looked for. SmallestWithinPerplexity: the smallest member of at most maxPerplexityRatio;"
                        + " BestUnderSize: the best member of at most maxSize")
        SearchGoal goal,

        @Required
        @Size(min = 1, max = 40)
        @JsonPropertyDescription("The name of the set in data.evaluation that decides")
        String evaluation,

        @Size(min = 1, max = 20)
        @Pattern(Units.DECIMAL)
        @JsonPropertyDescription(
                "The member's perplexity divided by the parent's, at most. Example: \"1.25\". Default: none")
        String maxPerplexityRatio,

        @Size(min = 1, max = 20)
        @Pattern(Units.SIZE)
        @JsonPropertyDescription(
                "The biggest size that is tried: a share of the parent or a count of parameters. Default: 100%")
        String maxSize,

        @Size(min = 1, max = 20)
        @Pattern(Units.SIZE)
        @JsonPropertyDescription(
                "The smallest size that is tried: a share of the parent or a count of parameters. Default: 5%")
        String minSize,

        @Size(min = 1, max = 9)
        @Pattern(Units.SHARE)
        @JsonPropertyDescription("The search ends when the size is known to this share of the parent. Default: 2%")
        String tolerance,

        @Pattern(Units.COUNT) @JsonPropertyDescription("How many tokens each tried member is trained on. Default: 250M")
        String tokensPerStage,

        @Min(1) @Max(32) @JsonPropertyDescription("How many members are tried at most. Default: 8")
        Integer maxStages) {
    public SearchSpec {
        evaluation = Defaults.text(evaluation);
        maxPerplexityRatio = Defaults.text(maxPerplexityRatio);
        maxSize = Defaults.or(maxSize, "100%");
        minSize = Defaults.or(minSize, "5%");
        tolerance = Defaults.or(tolerance, "2%");
        tokensPerStage = Defaults.or(tokensPerStage, "250M");
        maxStages = Defaults.or(maxStages, 8);
    }
}
