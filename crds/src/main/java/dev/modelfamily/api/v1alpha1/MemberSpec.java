package dev.modelfamily.api.v1alpha1;

/** One member to make. */
public record MemberSpec(
        String name,
        String size,
        String tokens,
        String from,
        GateSpec gate,
        TrainingSpec training,
        MemberResources resources) {}
