package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When something is due even if nothing is seen before.
 *
 * @param all the preparation and the members, as they are after this pass
 */
record Wakes(Pass pass, List<MemberStatus> all) {
    Optional<Instant> next() {
        Deadlines deadlines = Deadlines.of(pass);
        Stream<Instant> ofStages = all.stream().flatMap(stage -> ofStage(stage, deadlines));
        Stream<Instant> ofAttempts = pass.seen().attempts().stream().flatMap(attempt -> ofAttempt(attempt, deadlines));
        boolean unfinished =
                all.stream().anyMatch(stage -> Following.isOpen(stage) || stage.state() == MemberState.Pending);
        Stream<Instant> ofFamily =
                unfinished && !pass.spec().suspend() ? deadlines.familyEnd().stream() : Stream.empty();
        return Stream.of(ofStages, ofAttempts, ofFamily)
                .flatMap(times -> times)
                .filter(pass.now()::isBefore)
                .min(Instant::compareTo);
    }

    private Stream<Instant> ofStage(MemberStatus stage, Deadlines deadlines) {
        Stream<Instant> due = new CleanUps(pass).due(stage).stream();
        return switch (stage.state()) {
            case Running -> Stream.concat(due, deadlines.stageEnd(stage).stream());
            case Pending -> Stream.concat(due, Times.read(stage.retryTime()).stream());
            case Blocked, Queued, Succeeded, Failed, Skipped -> due;
        };
    }

    private Stream<Instant> ofAttempt(Attempt attempt, Deadlines deadlines) {
        return all.stream()
                .filter(stage -> Following.isOpen(stage)
                        && stage.key().equals(attempt.key())
                        && stage.attempt() == attempt.number())
                .findFirst()
                .map(stage -> ofPresent(stage, attempt, deadlines))
                .orElseGet(() -> attempt.isLive() ? ending(attempt) : Stream.empty());
    }

    private static Stream<Instant> ofPresent(MemberStatus stage, Attempt attempt, Deadlines deadlines) {
        return switch (attempt.seen()) {
            case Attempt.Seen.Waiting waiting -> deadlines.pendingEnd(waiting).stream();
            case Attempt.Seen.Running running ->
                running
                        .progress()
                        .flatMap(progress -> Progressing.due(stage.optionalProgress(), progress, stage.attemptTime()))
                        .stream();
            case Attempt.Seen.Exited exit -> Stream.of(exit.at().plus(Following.RESULT_GRACE));
            case Attempt.Seen.Disrupted disrupted -> Stream.empty();
        };
    }

    private Stream<Instant> ending(Attempt attempt) {
        return new Stops(pass, true, all).graceEnd(attempt).stream();
    }
}
