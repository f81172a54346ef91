package dev.modelfamily.api.v1alpha1;

/** How far a running stage is. */
public record ProgressStatus(
        String phase,
        Integer percent,
        Long tokens,
        String tokensPerSecond,
        String loss,
        Long secondsLeft,
        String time) {}
