package dev.modelfamily.api.v1alpha1;

/** The course of the learning rate after warm-up. */
public enum Schedule {
    Cosine,
    Linear,
    Constant
}
