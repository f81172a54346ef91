package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.RetrySpec;
import dev.modelfamily.contract.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * What follows when an attempt ends without a result.
 *
 * <ul>
 *   <li>A <b>failure</b>, which the trainer itself reports as worth another try, waits {@code retry.initialBackoff}, doubled with
 *       each up to {@code retry.maxBackoff}; after {@code retry.maxFailures} of them the member has failed.
 *   <li>A <b>permanent</b> error ends it at once.
 *   <li>A crash or a signal <b>resumes</b> from the checkpoint at once, at most {@code retry.maxResumes} times. A stage that
 *       crashes without getting on ends sooner: it may resume {@value #FREE_RESUMES} times, and once more for each whole
 *       checkpoint interval that its attempts ran together. From the second crash on that is not paid for by an interval, it
 *       waits as after a failure.
 *   <li>A <b>disruption</b> is free and has no limit. One that came before the trainer ran waits, since its cause is likely to
 *       be there still.
 * </ul>
 *
 * @param checkpointInterval of the stage
 */
record Retries(RetrySpec spec, Duration checkpointInterval) {
    static final int FREE_RESUMES = 10;

    /** After the trainer reported a failure that may pass. */
    Draft failed(Draft closed, Attempt attempt, Attempt.Seen.Exited exit) {
        int failures = closed.base().failures() + 1;
        closed.failures(failures);
        if (failures > spec.maxFailures()) {
            return closed.state(
                    MemberState.Failed,
                    "RetriesExhausted",
                    String.format(
                            Locale.ROOT,
                            "failed %d times, and retry.maxFailures is %d; the last: %s",
                            failures,
                            spec.maxFailures(),
                            sentence(attempt, exit)));
        }
        return again(closed, exit.at(), pause(failures), sentence(attempt, exit));
    }

    /** After an error that another try cannot mend. */
    Draft permanent(Draft closed, Attempt attempt, Attempt.Seen.Exited exit) {
        return closed.retryTime("")
                .state(
                        MemberState.Failed,
                        "PermanentError",
                        exit.message().isBlank() ? sentence(attempt, exit) : exit.message());
    }

    /** After a crash or a signal; the time that the stage ran includes the attempt already. */
    Draft crashed(Draft closed, Attempt attempt, Attempt.Seen.Exited exit) {
        MemberStatus ran = closed.base();
        int resumes = ran.resumes() + 1;
        closed.resumes(resumes);
        long unpaid = resumes - ran.ranSeconds() / Math.max(1, checkpointInterval.toSeconds());
        if (resumes > spec.maxResumes()) {
            return closed.state(
                    MemberState.Failed,
                    "ResumesExhausted",
                    String.format(
                            Locale.ROOT,
                            "crashed %d times, and retry.maxResumes is %d; the last: %s",
                            resumes,
                            spec.maxResumes(),
                            sentence(attempt, exit)));
        }
        if (unpaid > FREE_RESUMES) {
            return closed.state(
                    MemberState.Failed,
                    "CrashLoop",
                    String.format(
                            Locale.ROOT,
                            "crashed %d times in %d s, sooner than it gets from one checkpoint to the next; the last: %s",
                            resumes,
                            ran.ranSeconds(),
                            sentence(attempt, exit)));
        }
        return again(closed, exit.at(), unpaid <= 1 ? Duration.ZERO : pause(unpaid - 1), sentence(attempt, exit));
    }

    /** After an end that was no fault of the attempt. */
    Draft disrupted(Draft closed, Attempt.Seen.Disrupted end) {
        int disruptions = closed.base().disruptions() + 1;
        boolean ran = !closed.base().attemptTime().isEmpty();
        String why = end.reason() + (end.message().isBlank() ? "" : ": " + end.message());
        return again(closed.disruptions(disruptions), end.at(), ran ? Duration.ZERO : pause(disruptions), why);
    }

    /** After an attempt that was there is there no more. */
    Draft lost(Draft closed, Instant now) {
        MemberStatus before = closed.base();
        return again(
                closed.disruptions(before.disruptions() + 1),
                now,
                Duration.ZERO,
                "attempt " + before.attempt() + " (" + before.job() + ") is gone without a result");
    }

    /** The wait before a try: doubled with each, from the first wait to the longest. */
    private Duration pause(long count) {
        Duration wait = spec.firstWait();
        for (long doubled = 1; doubled < count && wait.compareTo(spec.longestWait()) < 0; doubled++) {
            wait = wait.isZero() ? spec.longestWait() : wait.multipliedBy(2);
        }
        return wait.compareTo(spec.longestWait()) > 0 ? spec.longestWait() : wait;
    }

    private static Draft again(Draft closed, Instant end, Duration wait, String why) {
        return closed.retryTime(wait.isZero() ? "" : Times.written(end.plus(wait)))
                .state(MemberState.Pending, Reasons.RETRYING, why);
    }

    private static String sentence(Attempt attempt, Attempt.Seen.Exited exit) {
        String how = switch (ExitCode.meaningOf(exit.code())) {
            case ExitCode.Meaning.RESUME -> "attempt " + attempt.number() + " crashed or was ended with exit code ";
            case ExitCode.Meaning.DONE, ExitCode.Meaning.PERMANENT, ExitCode.Meaning.RETRY ->
                "attempt " + attempt.number() + " ended with exit code ";
        };
        return how + exit.code() + (exit.message().isBlank() ? "" : ": " + exit.message());
    }
}
