package dev.modelfamily.planner;

import dev.modelfamily.api.v1alpha1.TrainingSpec;

/**
 * What the schema cannot see of a member's training once the family's is merged in and the parent is known.
 *
 * @param path of the member
 */
record TrainingCheck(String path, TrainingSpec training, ModelShape parent) {
    private static final long MOST_BATCH_TOKENS = 1_000_000_000;

    void run() {
        long batch = training.batchTokenCount();
        int sequence = training.sequenceLength();
        if (sequence > parent.maxPositions()) {
            throw new PlanException(
                    path + ".training.sequenceLength",
                    sequence + " is longer than the parent's context of " + parent.maxPositions() + " tokens");
        }
        if (batch == 0 || batch % sequence != 0 || batch > MOST_BATCH_TOKENS) {
            throw new PlanException(
                    path + ".training.batchTokens",
                    training.batchTokens() + " is not a multiple of the sequence length " + sequence
                            + " from one to 1B tokens; a step takes whole sequences");
        }
    }
}
