package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** How a stage cuts and recovers. What the user left out is what the preset says, so no field is null. */
public record MethodSpec(
        @JsonPropertyDescription(
                "A named set of defaults for the fields beside it; a field that is given wins. Standard: Whitened, Global,"
                        + " Product, Distillation. PLRD, as published in arXiv 2406.19995: Plain, Uniform, SingleFactor,"
                        + " LanguageModel. Default: Standard")
        Preset preset,

        @JsonPropertyDescription(
                "Which directions of a weight matrix a cut keeps. Whitened: those that matter to the activations of the"
                        + " calibration texts; Plain: those with the biggest singular values. Default: by preset")
        Truncation truncation,

        @JsonPropertyDescription(
                "How ranks are shared out between the matrices. Global: by what each adds to the loss; Uniform: the same"
                        + " share in every layer. Default: by preset")
        Allocation allocation,

        @JsonPropertyDescription(
                "What a later stage decomposes. Product: the product of both trained factors; SingleFactor: only the bigger"
                        + " factor. Default: by preset")
        Recut recut,

        @JsonPropertyDescription(
                "What training after a cut minimises. Distillation: the distance to the parent's predictions;"
                        + " LanguageModel: cross-entropy of the next token. Default: by preset")
        RecoveryLoss recovery,

        @Min(1)
        @Max(4096)
        @JsonPropertyDescription(
                "Ranks are multiples of this number, as GPUs like it; smaller where a matrix is small. Default: 64")
        Integer rankMultiple) {
    /** What applies where the user says nothing of the method. */
    public static final MethodSpec DEFAULT = of(Preset.Standard);

    public MethodSpec {
        preset = Defaults.or(preset, Preset.Standard);
        boolean published = switch (preset) {
            case PLRD -> true;
            case Standard -> false;
        };
        truncation = Defaults.or(truncation, published ? Truncation.Plain : Truncation.Whitened);
        allocation = Defaults.or(allocation, published ? Allocation.Uniform : Allocation.Global);
        recut = Defaults.or(recut, published ? Recut.SingleFactor : Recut.Product);
        recovery = Defaults.or(recovery, published ? RecoveryLoss.LanguageModel : RecoveryLoss.Distillation);
        rankMultiple = Defaults.or(rankMultiple, 64);
    }

    /** The method that a preset names. */
    public static MethodSpec of(Preset preset) {
        return new MethodSpec(preset, null, null, null, null, null);
    }
}
