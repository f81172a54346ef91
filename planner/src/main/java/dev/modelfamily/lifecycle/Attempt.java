package dev.modelfamily.lifecycle;

import dev.modelfamily.contract.Progress;
import java.time.Instant;
import java.util.Optional;

/**
 * One attempt at a stage, as an executor sees it: a process or a Job.
 *
 * @param member its name, or {@link Lifecycle#PREPARATION}
 * @param key of the stage or the preparation
 * @param number of the attempt, from 1
 * @param job the name of the Job or process, for people; empty where there is none
 */
public record Attempt(String member, String key, int number, String job, Seen seen) {
    /** Whether it runs or will run without a further action. */
    public boolean isLive() {
        return switch (seen) {
            case Seen.Waiting w -> true;
            case Seen.Running r -> true;
            case Seen.Exited e -> false;
            case Seen.Disrupted d -> false;
        };
    }

    boolean is(String otherMember, String otherKey, int otherNumber) {
        return number == otherNumber && member.equals(otherMember) && key.equals(otherKey);
    }

    /** How an attempt looks. */
    public sealed interface Seen {
        /**
         * Created, but the trainer does not run yet: queued, pending, pulling its image.
         *
         * @param message what it waits for, in a sentence; empty while all goes its usual way
         */
        record Waiting(String reason, String message, Instant since) implements Seen {}

        /** The trainer runs. */
        record Running(Optional<Progress> progress) implements Seen {}

        /**
         * The trainer ended by itself or by a signal.
         *
         * @param code as {@link dev.modelfamily.contract.ExitCode} explains it
         * @param message the trainer's own last words; may be empty
         */
        record Exited(int code, String message, Instant at) implements Seen {}

        /** It ended for no fault of its own: evicted, preempted, its node or its executor lost, its infrastructure missing. */
        record Disrupted(String reason, String message, Instant at) implements Seen {}
    }
}
