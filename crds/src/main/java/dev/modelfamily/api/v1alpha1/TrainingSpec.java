package dev.modelfamily.api.v1alpha1;

/** How a stage trains. A member may override each field. */
public record TrainingSpec(
        String batchTokens,
        Integer sequenceLength,
        String learningRate,
        Schedule schedule,
        String warmup,
        String weightDecay,
        String clipNorm,
        Precision precision,
        Long seed,
        String checkpointInterval) {}
