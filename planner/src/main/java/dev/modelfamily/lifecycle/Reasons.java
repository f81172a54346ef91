package dev.modelfamily.lifecycle;

/** The one-word reasons of states and conditions that more than one class speaks of. */
final class Reasons {
    /** An attempt was asked for and not seen yet. */
    static final String STARTING = "Starting";
    /** An attempt runs. */
    static final String RUNNING = "Running";
    /** An attempt is to end because nothing is to run. */
    static final String STOPPING = "Stopping";
    /** An attempt is to end because its pod waits too long. */
    static final String PENDING_DEADLINE = "PendingDeadline";
    /** The trainer is done, and its result is not seen yet. */
    static final String FINISHING = "Finishing";
    /** An attempt has ended without a result, and another will follow. */
    static final String RETRYING = "Retrying";
    /** What was recorded is gone or changed; it is made again. */
    static final String DAMAGED = "Damaged";
    /** Nothing is missing but a free place. */
    static final String READY = "WaitsForPlace";
    /** The input is not made yet. */
    static final String WAITS_FOR_INPUT = "WaitsForInput";
    /** A gate was missed. */
    static final String GATE_MISSED = "GateMissed";
    /** This family made it. */
    static final String FINISHED = "Finished";
    /** A result that was there was taken. */
    static final String REUSED = "Reused";
    /** The family is suspended. */
    static final String SUSPENDED = "Suspended";
    /** The preparation has failed. */
    static final String PREPARATION_FAILED = "PreparationFailed";

    private Reasons() {}
}
