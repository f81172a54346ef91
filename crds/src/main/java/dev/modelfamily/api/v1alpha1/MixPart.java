package dev.modelfamily.api.v1alpha1;

/** One part of a mix of training texts, drawn in proportion to its weight. */
public record MixPart(
        String uri,
        String revision,
        String subset,
        String split,
        DataFormat format,
        String textField,
        SecretRef credentials,
        Integer weight) {}
