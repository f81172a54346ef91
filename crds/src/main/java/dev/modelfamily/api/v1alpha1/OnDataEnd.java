package dev.modelfamily.api.v1alpha1;

/** What happens when a stage asks for more tokens than the data has. */
public enum OnDataEnd {
    Repeat,
    Stop
}
