package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.ValidationRule;

/** How a stage cuts and recovers. What the user left out is what the preset says, so no field is null. */
@ValidationRule(
        value = "!has(self.distillation) || (has(self.recovery) ? self.recovery == 'Distillation'"
                + " : !has(self.preset) || self.preset == 'Standard')"
                + " || (!has(self.distillation.temperature) || self.distillation.temperature == '1')"
                + " && (!has(self.distillation.crossEntropyWeight) || self.distillation.crossEntropyWeight == '0')"
                + " && (!has(self.distillation.hiddenStateWeight) || self.distillation.hiddenStateWeight == '0')",
        fieldPath = ".distillation",
        message =
                "this recovery does not learn from the parent; leave distillation out, or write recovery: Distillation")
public record MethodSpec(
        @JsonPropertyDescription(
                "A named set of defaults for the fields beside it; a field that is given wins. Standard: TwoSided,"
                        + " Global, Product, Distillation. PLRD, as published in arXiv 2406.19995: Plain, Uniform,"
                        + " SingleFactor, LanguageModel. To compare with, all Uniform, Product, LanguageModel: SVD: Plain;"
                        + " ASVD, after arXiv 2312.05821: Scaled; SVDLLM, after arXiv 2403.07378: Whitened. Default:"
                        + " Standard")
        Preset preset,

        @JsonPropertyDescription(
                "Which directions of a weight matrix a cut keeps. TwoSided: those that matter to the loss, by the"
                        + " activations of the calibration texts and the gradients behind them; Whitened: those that"
                        + " matter to the output of the matrix on these texts; Scaled: those with the biggest singular"
                        + " values after each input is scaled by its size there; Plain: those with the biggest singular"
                        + " values. Default: by preset")
        Truncation truncation,

        @JsonPropertyDescription(
                "How ranks are shared out between the matrices. Global: by what each adds to the loss, which"
                        + " needs truncation TwoSided; Uniform: the same share in every layer. Default: by preset")
        Allocation allocation,

        @JsonPropertyDescription(
                "What a later stage decomposes. Product: the product of both trained factors; SingleFactor: only the"
                        + " bigger factor, which needs truncation Plain. Default: by preset")
        Recut recut,

        @JsonPropertyDescription(
                "What follows the cuts, before any training. Sequential: block by block, each factored matrix is fitted to"
                        + " what the input member computes there, on what the blocks before it, already cut, hand over;"
                        + " this needs a truncation that measures texts. None: nothing. Default: None")
        Fit fit,

        @JsonPropertyDescription(
                "What training after a cut minimises. Distillation: the distance to the parent's predictions;"
                        + " LanguageModel: cross-entropy of the next token. Default: by preset")
        RecoveryLoss recovery,

        @Min(1)
        @Max(4096)
        @JsonPropertyDescription(
                "Ranks are multiples of this number, as GPUs like it; smaller where a matrix is small. Default: 64")
        Integer rankMultiple,

        @Pattern(Units.COUNT)
        @JsonPropertyDescription(
                "How many tokens of the calibration texts are measured before a cut; truncation Plain measures none."
                        + " Default: 32768")
        String calibrationTokens,

        @JsonPropertyDescription(
                "What recovery Distillation minimises. Default: the forward divergence from the parent at temperature 1")
        DistillationSpec distillation) {
    /** What applies where the user says nothing of the method. */
    public static final MethodSpec DEFAULT = of(Preset.Standard);

    public MethodSpec {
        preset = Defaults.or(preset, Preset.Standard);
        truncation = Defaults.or(truncation, truncation(preset));
        allocation = Defaults.or(allocation, preset == Preset.Standard ? Allocation.Global : Allocation.Uniform);
        recut = Defaults.or(recut, preset == Preset.PLRD ? Recut.SingleFactor : Recut.Product);
        fit = Defaults.or(fit, Fit.None);
        recovery = Defaults.or(
                recovery, preset == Preset.Standard ? RecoveryLoss.Distillation : RecoveryLoss.LanguageModel);
        rankMultiple = Defaults.or(rankMultiple, 64);
        calibrationTokens = Defaults.or(calibrationTokens, "32768");
        distillation = Defaults.or(distillation, DistillationSpec.DEFAULT);
    }

    private static Truncation truncation(Preset preset) {
        return switch (preset) {
            case Standard -> Truncation.TwoSided;
            case PLRD, SVD -> Truncation.Plain;
            case ASVD -> Truncation.Scaled;
            case SVDLLM -> Truncation.Whitened;
        };
    }

    /** {@link #calibrationTokens} as a number. */
    public long calibrationTokenCount() {
        return Units.count(calibrationTokens);
    }

    /** The method that a preset names. */
    public static MethodSpec of(Preset preset) {
        return new MethodSpec(preset, null, null, null, null, null, null, null, null);
    }
}
