package dev.modelfamily.api.v1alpha1;

/** The pre-trained model: where it is, at which revision, and the Secret that opens it. */
public record ParentSpec(String uri, String revision, SecretRef credentials) {}
