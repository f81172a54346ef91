package dev.modelfamily.api.v1alpha1;

/** What is kept, and how long. */
public record RetentionSpec(String jobs, String checkpoints, OnDelete onDelete) {}
