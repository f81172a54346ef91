package dev.modelfamily.api.v1alpha1;

/** A named method. */
public enum Preset {
    PLRD
}
