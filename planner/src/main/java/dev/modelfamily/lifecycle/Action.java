package dev.modelfamily.lifecycle;

import dev.modelfamily.contract.PrepareOrder;
import dev.modelfamily.contract.StageOrder;

/**
 * What an executor does next, in the order of the list and only after it has written the decision's status. Each may come again
 * until its effect is seen, so each must be harmless the second time.
 */
public sealed interface Action {
    /** Starts the preparation; an attempt of that key and number that exists already is success. */
    record StartPrepare(String key, int attempt, PrepareOrder order) implements Action {}

    /** Starts a stage; an attempt of that key and number that exists already is success. */
    record StartStage(StageOrder order) implements Action {}

    /** Stops a live attempt: SIGTERM, so that it writes a checkpoint; SIGKILL after the grace time. */
    record Stop(String member, String key, int attempt, String reason) implements Action {}

    /** Deletes checkpoints and the outputs of other attempts of a finished stage. */
    record CleanUp(String key, int keptAttempt) implements Action {}

    /**
     * Tells people of a transition. Not repeated.
     *
     * @param member the member that it is about, or empty for the family
     * @param reason one word, such as {@code StageFailed}
     */
    record EmitEvent(Severity severity, String member, String reason, String message) implements Action {}

    /** The kinds of events that Kubernetes knows. */
    enum Severity {
        Normal,
        Warning
    }
}
