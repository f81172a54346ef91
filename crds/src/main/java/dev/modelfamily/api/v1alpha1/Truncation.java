package dev.modelfamily.api.v1alpha1;

/** Which singular values count. */
public enum Truncation {
    Whitened,
    Plain
}
