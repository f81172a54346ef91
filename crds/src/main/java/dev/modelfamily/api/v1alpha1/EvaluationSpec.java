package dev.modelfamily.api.v1alpha1;

/** One named evaluation set. At least one is never part of the training data. */
public record EvaluationSpec(
        String name,
        String uri,
        String revision,
        String subset,
        String split,
        DataFormat format,
        String textField,
        SecretRef credentials,
        Integer maxWindows) {}
