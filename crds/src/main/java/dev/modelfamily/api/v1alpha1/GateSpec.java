package dev.modelfamily.api.v1alpha1;

/** The quality that a member must have for the family to go on. */
public record GateSpec(String evaluation, String maxPerplexityRatio, OnMiss onMiss) {}
