package dev.modelfamily.trainer.recover;

import java.nio.file.Path;

/**
 * What is written of a run as it goes: {@code loss.jsonl}, a line for each optimizer step, and {@code evaluation.jsonl}, a line
 * for each measurement on the way.
 */
public record Course(LineLog loss, LineLog evaluation) implements AutoCloseable {
    /** The name of the file with a {@link Step} a line. */
    public static final String LOSS = "loss.jsonl";

    /** The name of the file with a {@link Measured} a line. */
    public static final String EVALUATION = "evaluation.jsonl";

    /**
     * One step.
     *
     * @param tokens trained on so far
     * @param loss mean cross-entropy, or divergence from the parent, in nats
     */
    public record Step(long step, long tokens, double loss, double learningRate, double gradientNorm) {}

    /**
     * One measurement.
     *
     * @param tokens trained on so far
     * @param set the name of the evaluation set
     */
    public record Measured(long tokens, String set, double perplexity) {}

    /** The course that a folder keeps; its files are made if needed. */
    public static Course in(Path folder) {
        return new Course(new LineLog(folder.resolve(LOSS)), new LineLog(folder.resolve(EVALUATION)));
    }

    /** Whether both files still hold what they held at a checkpoint. */
    public boolean has(CheckpointState state) {
        return loss.has(state.loss()) && evaluation.has(state.evaluation());
    }

    /** Empties both files: the run begins. */
    public void clear() {
        loss.returnTo(LineLog.Mark.START);
        evaluation.returnTo(LineLog.Mark.START);
    }

    void returnTo(CheckpointState state) {
        loss.returnTo(state.loss());
        evaluation.returnTo(state.evaluation());
    }

    @Override
    public void close() {
        loss.close();
        evaluation.close();
    }
}
