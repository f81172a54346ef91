package dev.modelfamily.api.v1alpha1;

/** The longest a pod may wait, a stage may run, a family may take. Durations such as 30m or 12h. */
public record DeadlinesSpec(String pending, String stage, String family) {}
