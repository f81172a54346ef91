package dev.modelfamily.api.v1alpha1;

import java.util.Map;

/** What a finished stage made. */
public record ResultStatus(
        String uri,
        String digest,
        Long parameters,
        Long bytes,
        Map<String, String> perplexityBefore,
        Map<String, String> perplexity,
        String klToParent,
        Long tokens,
        Long gpuSeconds) {}
