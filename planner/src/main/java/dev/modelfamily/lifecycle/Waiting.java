package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import java.util.List;
import java.util.Optional;

/**
 * What a member that no attempt runs for waits for.
 *
 * @param earlier the members before it in the order of the spec
 * @param keyless whether only the headers of the parent were read, so that no stage is asked for
 */
record Waiting(Pass pass, List<Stand> earlier, boolean keyless) {
    /** The member in the state that it takes after its result and its attempt are seen. */
    MemberStatus place(Stand stand, Optional<Stand> origin) {
        MemberStatus member = stand.status();
        boolean there = stand.order().isPresent();
        if (member.optionalResult().isPresent()) {
            return there || keyless
                    ? succeeded(stand)
                    : pending(member, Reasons.WAITS_FOR_INPUT, "it is kept until its input is made again");
        }
        if (stand.pruned()) {
            return Following.close(member, pass.now())
                    .state(MemberState.Skipped, "Pruned", "a member above it has missed its gate")
                    .build();
        }
        boolean runs = Following.isOpen(member) && (there || Following.wasSeen(member));
        boolean justDamaged = member.reason().equals(Reasons.DAMAGED) && wasRecorded(member);
        return runs || justDamaged ? member : waiting(member, origin, there);
    }

    /** After a gate was missed that ends the family: what runs goes on to its end, nothing else starts. */
    static Stand stopped(Stand stand, Stand missing) {
        String sentence = "'" + missing.status().name() + "' has missed its gate";
        return stand.status().state() == MemberState.Pending
                ? stand.with(blocked(stand.status(), Reasons.GATE_MISSED, sentence))
                : stand;
    }

    /** An earlier member that is the same stage and has no result yet; only that one runs it. */
    static Optional<MemberStatus> twin(List<Stand> earlier, String key) {
        return earlier.stream()
                .map(Stand::status)
                .filter(other -> !key.isEmpty() && other.key().equals(key))
                .filter(other -> other.optionalResult().isEmpty())
                .findFirst();
    }

    private boolean wasRecorded(MemberStatus member) {
        return pass.before().members().stream()
                .anyMatch(old ->
                        old.key().equals(member.key()) && old.optionalResult().isPresent());
    }

    private static MemberStatus succeeded(Stand stand) {
        MemberStatus member = stand.status();
        String made = member.startTime().isEmpty() ? Reasons.REUSED : Reasons.FINISHED;
        Optional<Gates.Verdict> missed = stand.verdict().filter(verdict -> !verdict.passed());
        return Draft.of(member)
                .state(
                        MemberState.Succeeded,
                        missed.isPresent() ? Reasons.GATE_MISSED : made,
                        missed.map(Gates.Verdict::sentence).orElse(""))
                .build();
    }

    private MemberStatus waiting(MemberStatus member, Optional<Stand> origin, boolean there) {
        if (!there && !keyless && origin.isPresent()) {
            MemberStatus from = origin.get().status();
            return switch (from.state()) {
                case Failed, Blocked ->
                    blocked(member, "InputFailed", "it is made from '" + from.name() + "', which cannot be made");
                case Pending, Queued, Running, Succeeded, Skipped ->
                    pending(member, Reasons.WAITS_FOR_INPUT, "it is made from '" + from.name() + "'");
            };
        }
        return twin(earlier, member.key())
                .map(twin -> sharing(member, twin))
                .orElseGet(() -> member.state() == MemberState.Failed ? member : unhindered(member));
    }

    private static MemberStatus sharing(MemberStatus member, MemberStatus twin) {
        String same = "it is the same stage as '" + twin.name() + "'";
        return switch (twin.state()) {
            case Failed, Blocked -> blocked(member, "InputFailed", same + ", which cannot be made");
            case Pending, Queued, Running, Succeeded, Skipped -> pending(member, "SharedStage", same);
        };
    }

    private MemberStatus unhindered(MemberStatus member) {
        if (pass.spec().suspend()) {
            return pending(member, Reasons.SUSPENDED, "");
        }
        if (pass.isPlanOnly()) {
            return pending(member, "PlanOnly", "");
        }
        MemberStatus inTime = Deadlines.of(pass).ofStage(member);
        return inTime.state() == MemberState.Failed ? inTime : soon(pass, member);
    }

    /** Ready, unless an earlier attempt still ends or the next one is not due yet. */
    static MemberStatus soon(Pass pass, MemberStatus member) {
        boolean again =
                List.of(Reasons.RETRYING, Reasons.DAMAGED, Reasons.READY).contains(member.reason());
        String why = again ? member.message() : "";
        if (Times.read(member.retryTime()).filter(pass.now()::isBefore).isPresent()) {
            return pending(member, Reasons.RETRYING, why);
        }
        boolean stopping = pass.seen().live().stream()
                .anyMatch(
                        live -> live.key().equals(member.key()) || live.member().equals(member.name()));
        return stopping
                ? pending(member, "WaitsForStop", "an earlier attempt has not ended yet")
                : pending(member, Reasons.READY, why);
    }

    private static MemberStatus pending(MemberStatus member, String reason, String sentence) {
        return Draft.of(member).state(MemberState.Pending, reason, sentence).build();
    }

    private static MemberStatus blocked(MemberStatus member, String reason, String sentence) {
        return Draft.of(member).state(MemberState.Blocked, reason, sentence).build();
    }
}
