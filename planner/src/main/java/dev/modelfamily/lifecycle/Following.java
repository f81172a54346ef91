package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.contract.ExitCode;
import java.time.Duration;
import java.time.Instant;

/**
 * Follows the present attempt at a stage or at the preparation. It is open, in state Queued or Running, from the moment that it
 * is asked for until its end is seen; so each end is counted once.
 *
 * @param halted whether it is not to run now; its end counts as nothing then
 */
record Following(Pass pass, Retries retries, boolean halted) {
    /** How long a manifest may take to be seen after the trainer said that all is done. */
    static final Duration RESULT_GRACE = Duration.ofSeconds(30);

    static boolean isOpen(MemberStatus member) {
        return switch (member.state()) {
            case Queued, Running -> true;
            case Pending, Blocked, Succeeded, Failed, Skipped -> false;
        };
    }

    /** Whether the open attempt of a member was ever seen; one that was not is asked for again rather than lost. */
    static boolean wasSeen(MemberStatus member) {
        return !member.job().isEmpty();
    }

    /** The Job of the present attempt, also where it had ended before it was first seen. */
    static String jobOf(Pass pass, MemberStatus member) {
        return wasSeen(member)
                ? member.job()
                : pass.attempt(member.key(), member.attempt())
                        .map(Following::nameOf)
                        .orElse("");
    }

    private static String nameOf(Attempt attempt) {
        return attempt.job().isEmpty() ? attempt.member() + "-" + attempt.number() : attempt.job();
    }

    /** Asks for a further attempt. */
    static MemberStatus open(Pass pass, MemberStatus member) {
        return Draft.of(member)
                .state(MemberState.Queued, Reasons.STARTING, member.message())
                .attempt(pass.nextNumber(member))
                .job("")
                .retryTime("")
                .attemptTime("")
                .startTime(member.startTime().isEmpty() ? pass.stamp() : member.startTime())
                .build();
    }

    /** Takes an attempt that runs, though the status does not know of it, for the present one. */
    static MemberStatus adopt(Pass pass, MemberStatus member) {
        return pass.seen().live().stream()
                .filter(attempt -> attempt.key().equals(member.key()) && attempt.number() > member.attempt())
                .findFirst()
                .map(attempt ->
                        Draft.of(open(pass, member)).attempt(attempt.number()).build())
                .orElse(member);
    }

    MemberStatus follow(MemberStatus before) {
        if (!isOpen(before)) {
            return before;
        }
        return pass.attempt(before.key(), before.attempt())
                .map(attempt -> seen(before, attempt))
                .orElseGet(() -> unseen(before));
    }

    /** An attempt that was once asked to stop will, even if it is to run again meanwhile; another one follows then. */
    private boolean isStopping(MemberStatus known) {
        return halted || known.reason().equals(Reasons.STOPPING);
    }

    /** Ends the open attempt's running time. */
    static Draft close(MemberStatus before, Instant end) {
        return Draft.of(before)
                .ranSeconds(before.ranSeconds() + Times.seconds(before.attemptTime(), end))
                .attemptTime("");
    }

    private MemberStatus seen(MemberStatus before, Attempt attempt) {
        MemberStatus known = Draft.of(before).job(nameOf(attempt)).build();
        return switch (attempt.seen()) {
            case Attempt.Seen.Waiting waiting -> waiting(known, waiting);
            case Attempt.Seen.Running running -> running(known, running);
            case Attempt.Seen.Exited exit -> exited(known, attempt, exit);
            case Attempt.Seen.Disrupted end ->
                isStopping(known)
                        ? paused(known, end.at())
                        : retries.disrupted(close(known, end.at()), end).build();
        };
    }

    private MemberStatus waiting(MemberStatus known, Attempt.Seen.Waiting waiting) {
        Draft draft = close(known, pass.now());
        if (isStopping(known)) {
            return draft.state(MemberState.Queued, Reasons.STOPPING, "").build();
        }
        if (Deadlines.of(pass).isPendingOver(waiting)) {
            String sentence = "it waits longer than deadlines.pending ("
                    + pass.spec().deadlines().pending() + "): " + waiting.reason()
                    + (waiting.message().isBlank() ? "" : ", " + waiting.message());
            return draft.state(MemberState.Queued, Reasons.PENDING_DEADLINE, sentence)
                    .build();
        }
        String reason = waiting.reason().isBlank() ? "Waiting" : waiting.reason();
        boolean same = known.state() == MemberState.Queued && known.reason().equals(reason);
        String usual = same ? known.message() : why(known);
        return draft.state(MemberState.Queued, reason, waiting.message().isBlank() ? usual : waiting.message())
                .build();
    }

    private MemberStatus running(MemberStatus known, Attempt.Seen.Running running) {
        String since = known.attemptTime().isEmpty() ? pass.stamp() : known.attemptTime();
        return Draft.of(known)
                .state(MemberState.Running, isStopping(known) ? Reasons.STOPPING : Reasons.RUNNING, why(known))
                .attemptTime(since)
                .progress(running.progress()
                        .map(progress -> Progressing.next(known.optionalProgress(), progress, since, pass.now()))
                        .orElse(known.optionalProgress()))
                .build();
    }

    /** Why this attempt became needed: the end of the one before, or damage. */
    private static String why(MemberStatus known) {
        boolean waited = known.state() == MemberState.Queued && !known.reason().equals(Reasons.STARTING);
        return waited ? "" : known.message();
    }

    private MemberStatus exited(MemberStatus known, Attempt attempt, Attempt.Seen.Exited exit) {
        if (known.reason().equals(Reasons.PENDING_DEADLINE)
                && ExitCode.meaningOf(exit.code()) == ExitCode.Meaning.RESUME) {
            return retries.disrupted(
                            Draft.of(known), new Attempt.Seen.Disrupted(known.reason(), known.message(), exit.at()))
                    .build();
        }
        MemberStatus ran = close(known, exit.at()).build();
        return switch (ExitCode.meaningOf(exit.code())) {
            case ExitCode.Meaning.DONE -> done(known, attempt, exit);
            case ExitCode.Meaning.PERMANENT ->
                retries.permanent(Draft.of(ran), attempt, exit).build();
            case ExitCode.Meaning.RETRY ->
                retries.failed(Draft.of(ran), attempt, exit).build();
            case ExitCode.Meaning.RESUME ->
                isStopping(known)
                        ? paused(known, exit.at())
                        : retries.crashed(Draft.of(ran), attempt, exit).build();
        };
    }

    /** Done, but no result is there: it is waited for a moment. */
    private MemberStatus done(MemberStatus known, Attempt attempt, Attempt.Seen.Exited exit) {
        if (pass.now().isBefore(exit.at().plus(RESULT_GRACE))) {
            return Draft.of(known).state(known.state(), Reasons.FINISHING, "").build();
        }
        Attempt.Seen.Exited silent = new Attempt.Seen.Exited(
                exit.code(), "the trainer says that it is done, but there is no result", exit.at());
        return retries.failed(close(known, exit.at()), attempt, silent).build();
    }

    private MemberStatus unseen(MemberStatus before) {
        if (isStopping(before)) {
            return paused(before, lastSign(before));
        }
        return wasSeen(before)
                ? retries.lost(close(before, lastSign(before)), pass.now()).build()
                : before;
    }

    /** Stopped because nothing is to run: that counts as nothing. */
    private MemberStatus paused(MemberStatus before, Instant end) {
        return close(before, end)
                .retryTime("")
                .state(MemberState.Pending, "Stopped", "")
                .build();
    }

    /** When a lost attempt was last known to run; what came after is not counted. */
    private Instant lastSign(MemberStatus before) {
        return before.optionalProgress()
                .flatMap(progress -> Times.read(progress.time()))
                .orElse(Instant.EPOCH);
    }
}
