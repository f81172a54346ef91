package dev.modelfamily.api.v1alpha1;

/** What one member will be and cost. */
public record MemberPlanStatus(
        String name,
        Long parameters,
        String ranks,
        Long bytes,
        Long tokens,
        String flops,
        Long memoryBytes,
        String gpuHours,
        Boolean reused) {}
