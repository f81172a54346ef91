package dev.modelfamily.api.v1alpha1;

/** How a stage cuts and recovers. */
public record MethodSpec(
        Preset preset,
        Truncation truncation,
        Allocation allocation,
        Recut recut,
        RecoveryLoss recovery,
        Integer rankMultiple) {}
