package dev.modelfamily.api.v1alpha1;

/** What happens to the members when the family is deleted. */
public enum OnDelete {
    Retain,
    Delete
}
