package dev.modelfamily.cli.run;

import dev.modelfamily.contract.Progress;
import java.time.Instant;

/** What happened outside of the thread that decides. */
sealed interface News {
    /** A trainer reported how far it is. */
    record Moved(AttemptId attempt, Progress progress) implements News {}

    /** A trainer's process has ended, and all that it printed is read. */
    record Ended(AttemptId attempt, int code, String message, Instant at) implements News {}

    /** The tool was asked to stop. */
    record Interrupted(Interruption by) implements News {}
}
