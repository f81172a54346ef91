package dev.modelfamily.api.v1alpha1;

/** The number format of training. */
public enum Precision {
    Auto,
    Float32,
    BFloat16
}
