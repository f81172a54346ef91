package dev.modelfamily.trainer.recover;

/** What is told of the way of a run, at the same steps however often it was interrupted. */
@FunctionalInterface
public interface Milestones {
    /** Nothing is measured on the way. */
    Milestones NONE = (step, steps, tokens) -> {};

    /**
     * So many steps of all are done, 0 before the first. What is written to the log of evaluations here is kept by checkpoints.
     *
     * @param tokens trained on so far
     */
    void passed(long step, long steps, long tokens);
}
