package dev.modelfamily.api.v1alpha1;

/** How often a stage may fail. Disruptions never count. */
public record RetrySpec(Integer maxFailures, Integer maxResumes, String initialBackoff, String maxBackoff) {}
