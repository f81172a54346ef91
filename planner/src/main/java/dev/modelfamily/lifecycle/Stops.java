package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Stops what runs and is not wanted.
 *
 * @param planned whether there is a plan; without one, what the status does not know of may still be wanted
 * @param all the preparation and the members, as they are after this pass
 */
record Stops(Pass pass, boolean planned, List<MemberStatus> all) {
    /** How long the attempt that made a result may take to end by itself. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    List<Action> actions() {
        return pass.seen().live().stream()
                .flatMap(attempt -> reason(attempt).stream()
                        .<Action>map(why -> new Action.Stop(attempt.member(), attempt.key(), attempt.number(), why)))
                .toList();
    }

    /** When an attempt that made its result is stopped; empty where it made none. */
    Optional<Instant> graceEnd(Attempt attempt) {
        return of(attempt)
                .filter(stage -> stage.state() == MemberState.Succeeded)
                .filter(stage -> new Results(pass).attemptOf(stage).orElse(stage.attempt()) == attempt.number())
                .findFirst()
                .flatMap(stage -> Times.read(stage.completionTime()))
                .map(time -> time.plus(GRACE));
    }

    private Optional<String> reason(Attempt attempt) {
        Optional<MemberStatus> present = of(attempt)
                .filter(stage -> Following.isOpen(stage) && stage.attempt() == attempt.number())
                .findFirst();
        if (present.isPresent()) {
            return ofPresent(present.get());
        }
        if (graceEnd(attempt).filter(pass.now()::isBefore).isPresent()) {
            return Optional.empty();
        }
        return of(attempt)
                .filter(stage -> stage.state() == MemberState.Failed)
                .findFirst()
                .map(MemberStatus::message)
                .or(() -> planned || attempt.member().equals(Lifecycle.PREPARATION)
                        ? Optional.of("it is not wanted any more: its stage is done, has changed or was removed")
                        : Optional.empty());
    }

    private Optional<String> ofPresent(MemberStatus stage) {
        return switch (stage.reason()) {
            case Reasons.STOPPING ->
                Optional.of(pass.spec().suspend() ? "the family is suspended" : "mode Plan starts and runs nothing");
            case Reasons.PENDING_DEADLINE -> Optional.of(stage.message());
            default -> Optional.empty();
        };
    }

    private Stream<MemberStatus> of(Attempt attempt) {
        return all.stream().filter(stage -> stage.key().equals(attempt.key()));
    }
}
