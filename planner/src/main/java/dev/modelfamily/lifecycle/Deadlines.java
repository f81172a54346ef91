package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.DeadlinesSpec;
import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** What takes too long: a pod that waits, a stage that runs, a family. */
record Deadlines(DeadlinesSpec spec, ModelFamilyStatus before, Instant now) {
    static Deadlines of(Pass pass) {
        return new Deadlines(pass.spec().deadlines(), pass.before(), pass.now());
    }

    boolean isPendingOver(Attempt.Seen.Waiting waiting) {
        return pendingEnd(waiting).filter(this::isOver).isPresent();
    }

    Optional<Instant> pendingEnd(Attempt.Seen.Waiting waiting) {
        return spec.pendingLimit().map(waiting.since()::plus);
    }

    /** A member without a result, failed where the family has taken too long. */
    MemberStatus ofFamily(MemberStatus member) {
        return familyEnd().filter(this::isOver).isPresent()
                ? failed(member, "the family takes longer than deadlines.family (" + spec.family() + ")")
                : member;
    }

    /** A member without a result, failed where its stage or the family has taken too long. */
    MemberStatus ofStage(MemberStatus member) {
        return stageEnd(member).filter(this::isOver).isPresent()
                ? failed(member, "the stage runs longer than deadlines.stage (" + spec.stage() + ")")
                : ofFamily(member);
    }

    /** When the stage will have run as long as it may; for one that does not run now, {@code now} or never. */
    Optional<Instant> stageEnd(MemberStatus member) {
        return spec.stageLimit().flatMap(limit -> {
            Instant end =
                    Times.read(member.attemptTime()).orElse(now).plus(limit).minusSeconds(member.ranSeconds());
            boolean runs = !member.attemptTime().isEmpty();
            return runs || isOver(end) ? Optional.of(end) : Optional.empty();
        });
    }

    /** When the family will have taken as long as it may: the limit after its first attempt, suspensions included. */
    Optional<Instant> familyEnd() {
        Stream<MemberStatus> all = Stream.concat(before.optionalPreparing().stream(), before.members().stream());
        return spec.familyLimit()
                .flatMap(limit -> all.map(MemberStatus::startTime)
                        .flatMap(time -> Times.read(time).stream())
                        .min(Instant::compareTo)
                        .map(start -> start.plus(limit)));
    }

    private boolean isOver(Instant end) {
        return !now.isBefore(end);
    }

    private MemberStatus failed(MemberStatus member, String sentence) {
        return Following.close(member, now)
                .retryTime("")
                .state(MemberState.Failed, "DeadlineExceeded", sentence)
                .build();
    }
}
