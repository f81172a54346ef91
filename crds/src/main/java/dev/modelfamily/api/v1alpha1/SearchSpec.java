package dev.modelfamily.api.v1alpha1;

/** Instead of listed members: find one by bisection along the chain. */
public record SearchSpec(
        SearchGoal goal,
        String evaluation,
        String maxPerplexityRatio,
        String maxSize,
        String minSize,
        String tolerance,
        String tokensPerStage,
        Integer maxStages) {}
