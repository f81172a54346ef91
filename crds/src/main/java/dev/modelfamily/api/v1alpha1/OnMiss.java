package dev.modelfamily.api.v1alpha1;

/** What a missed gate does. */
public enum OnMiss {
    Stop,
    Continue,
    Prune
}
