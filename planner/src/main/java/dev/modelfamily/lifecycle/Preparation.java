package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import java.util.Optional;

/** The work before the first stage; it lives like a stage, but runs also where only a plan is asked for. */
record Preparation(Pass pass, Ground ground) {
    /** The preparation as it is after what was seen, with the next attempt asked for where one is due. */
    MemberStatus next() {
        MemberStatus before =
                pass.before().optionalPreparing().orElseGet(() -> MemberStatus.pending(Lifecycle.PREPARATION));
        return ground.key().map(key -> wanted(before, key)).orElseGet(() -> followed(before));
    }

    private MemberStatus wanted(MemberStatus old, String key) {
        MemberStatus before = old.key().equals(key) ? old : Members.fresh(pass, old, key);
        if (ground.prepared().isPresent()) {
            return before.state() == MemberState.Succeeded ? before : done(before);
        }
        boolean idle = !Following.isOpen(before) && before.state() != MemberState.Failed;
        MemberStatus now = followed(idle ? Following.adopt(pass, before) : before);
        return Following.isOpen(now) || now.state() == MemberState.Failed ? now : due(now);
    }

    private MemberStatus done(MemberStatus before) {
        return Following.close(before, pass.now())
                .job(Following.jobOf(pass, before))
                .state(MemberState.Succeeded, before.startTime().isEmpty() ? Reasons.REUSED : Reasons.FINISHED, "")
                .completionTime(pass.stamp())
                .retryTime("")
                .progress(Optional.empty())
                .build();
    }

    private MemberStatus followed(MemberStatus before) {
        Retries retries =
                new Retries(pass.spec().retry(), pass.spec().training().checkpointEvery());
        MemberStatus now = new Following(pass, retries, pass.spec().suspend()).follow(before);
        boolean runs = Following.isOpen(now) && !pass.spec().suspend();
        return Members.retried(pass, runs ? Deadlines.of(pass).ofFamily(now) : now);
    }

    private MemberStatus due(MemberStatus idle) {
        if (pass.spec().suspend()) {
            return Draft.of(idle)
                    .state(MemberState.Pending, Reasons.SUSPENDED, "")
                    .build();
        }
        MemberStatus inTime = Deadlines.of(pass).ofFamily(idle);
        MemberStatus soon = inTime.state() == MemberState.Failed ? inTime : Waiting.soon(pass, inTime);
        return Stand.of(soon).isReady() ? Following.open(pass, soon) : soon;
    }
}
