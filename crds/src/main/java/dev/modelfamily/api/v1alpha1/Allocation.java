package dev.modelfamily.api.v1alpha1;

/** How ranks are shared out between the matrices. */
public enum Allocation {
    Global,
    Uniform
}
