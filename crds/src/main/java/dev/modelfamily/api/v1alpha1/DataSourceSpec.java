package dev.modelfamily.api.v1alpha1;

import java.util.List;

/** One text corpus, or a weighted mix of several. */
public record DataSourceSpec(
        String uri,
        String revision,
        String subset,
        String split,
        DataFormat format,
        String textField,
        SecretRef credentials,
        List<MixPart> mix) {}
