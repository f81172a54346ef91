package dev.modelfamily.api.v1alpha1;

import java.util.Map;

/** The parent as it was resolved. */
public record ParentStatus(
        String uri,
        String revision,
        String digest,
        String architecture,
        Long parameters,
        Map<String, String> perplexity) {}
