package dev.modelfamily.api.v1alpha1;

import java.util.List;

/** What the family will cost, known before a stage starts. */
public record PlanStatus(List<MemberPlanStatus> members, Long tokens, String flops, String gpuHours) {}
