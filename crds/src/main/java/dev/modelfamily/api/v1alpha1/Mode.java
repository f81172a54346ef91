package dev.modelfamily.api.v1alpha1;

/** Whether to run the family or only to plan it. */
public enum Mode {
    Run,
    Plan
}
