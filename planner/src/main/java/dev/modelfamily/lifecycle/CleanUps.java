package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Removes what a finished stage has left behind, once {@code retention.checkpoints} has passed. */
record CleanUps(Pass pass) {
    List<Action> actions(List<MemberStatus> members) {
        Results results = new Results(pass);
        return members.stream()
                .filter(member ->
                        due(member).filter(time -> !pass.now().isBefore(time)).isPresent())
                .flatMap(member -> results.attemptOf(member).stream()
                        .<Action>mapToObj(kept -> new Action.CleanUp(member.key(), kept)))
                .distinct()
                .toList();
    }

    /** When a member is cleaned up; empty where there is nothing to clean, or something still runs. */
    Optional<Instant> due(MemberStatus member) {
        boolean clean = member.state() != MemberState.Succeeded
                || !pass.seen().leftovers().contains(member.key())
                || pass.seen().live().stream().anyMatch(live -> live.key().equals(member.key()));
        return clean
                ? Optional.empty()
                : Times.read(member.completionTime())
                        .map(time -> time.plus(pass.spec().retention().checkpointsKept()));
    }
}
