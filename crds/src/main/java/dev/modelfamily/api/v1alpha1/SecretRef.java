package dev.modelfamily.api.v1alpha1;

/** A key of a Secret in the family's namespace; never the value itself. On a laptop: a file of that name. */
public record SecretRef(String name, String key) {}
