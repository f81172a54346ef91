package dev.modelfamily.api.v1alpha1;

/** Sums over the family. */
public record TotalsStatus(Long gpuSeconds, Long tokens) {}
