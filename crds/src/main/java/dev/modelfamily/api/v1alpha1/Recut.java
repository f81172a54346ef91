package dev.modelfamily.api.v1alpha1;

/** What a later stage decomposes. */
public enum Recut {
    Product,
    SingleFactor
}
