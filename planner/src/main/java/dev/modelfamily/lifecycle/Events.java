package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.lifecycle.Action.EmitEvent;
import dev.modelfamily.lifecycle.Action.Severity;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells of each transition once: what differs between the status before and the one after. */
final class Events {
    private final ModelFamilyStatus before;
    private final ModelFamilyStatus after;
    private final List<Action> events = new ArrayList<>();

    private Events(ModelFamilyStatus before, ModelFamilyStatus after) {
        this.before = before;
        this.after = after;
    }

    /**
     * The events of a pass.
     *
     * @param notes of the plan, told when it is made
     */
    static List<Action> of(ModelFamilyStatus before, ModelFamilyStatus after, List<String> notes) {
        return new Events(before, after).all(notes);
    }

    private List<Action> all(List<String> notes) {
        after.optionalPreparing().ifPresent(next -> stage(before.optionalPreparing(), next, "Preparation"));
        plan(notes);
        for (MemberStatus next : after.members()) {
            stage(known(next), next, "Stage");
        }
        if (!after.phase().equals(Conditions.FAILED)) {
            became(Conditions.STALLED, Severity.Warning, "Stalled");
        }
        became(Conditions.FAILED, Severity.Warning, "FamilyFailed");
        became(Conditions.COMPLETE, Severity.Normal, "FamilyComplete");
        suspension();
        return List.copyOf(events);
    }

    /** The same stage before, under whatever name; else what went by the name. */
    private Optional<MemberStatus> known(MemberStatus next) {
        return before.members().stream()
                .filter(old -> !next.key().isEmpty() && old.key().equals(next.key()))
                .findFirst()
                .or(() -> before.member(next.name()));
    }

    private void plan(List<String> notes) {
        after.optionalPlan()
                .filter(plan -> !before.optionalPlan().equals(Optional.of(plan)))
                .ifPresent(plan -> {
                    if (before.optionalPlan()
                            .map(old -> !old.tokens().equals(plan.tokens())
                                    || !old.flops().equals(plan.flops()))
                            .orElse(true)) {
                        String hours = plan.gpuHours().isEmpty() ? "" : ", about " + plan.gpuHours() + " GPU-hours";
                        String more = notes.isEmpty() ? "" : "; " + String.join("; ", notes);
                        tell(
                                Severity.Normal,
                                "",
                                "Planned",
                                plan.members().size() + " members, " + plan.tokens() + " tokens, " + plan.flops()
                                        + " operations" + hours + more);
                    }
                });
    }

    private void stage(Optional<MemberStatus> known, MemberStatus next, String what) {
        MemberStatus old = known.orElseGet(() -> MemberStatus.pending(next.name()));
        String member = next.name().equals(Lifecycle.PREPARATION) ? "" : next.name();
        if (next.failures() > old.failures() && next.state() != MemberState.Failed) {
            tell(Severity.Warning, member, what + "Retried", next.message());
        }
        if (next.resumes() > old.resumes() && next.state() != MemberState.Failed) {
            tell(Severity.Warning, member, what + "Resumed", next.message());
        }
        if (next.disruptions() > old.disruptions()) {
            tell(Severity.Normal, member, what + "Disrupted", next.message());
        }
        if (old.optionalResult().isPresent() && next.reason().equals(Reasons.DAMAGED)) {
            tell(Severity.Warning, member, "MemberDamaged", next.message());
        }
        if (next.attempt() > old.attempt() && Following.isOpen(next)) {
            tell(Severity.Normal, member, what + "Started", "attempt " + next.attempt());
        }
        if (next.state() != old.state()) {
            settled(next, member, what);
        }
        if (next.reason().equals(Reasons.GATE_MISSED)
                && next.state() == MemberState.Succeeded
                && !old.reason().equals(Reasons.GATE_MISSED)) {
            tell(Severity.Warning, member, "GateMissed", next.message());
        }
    }

    private void settled(MemberStatus next, String member, String what) {
        switch (next.state()) {
            case Succeeded ->
                tell(
                        Severity.Normal,
                        member,
                        what + (next.startTime().isEmpty() ? "Reused" : "Finished"),
                        next.reusedFrom().isEmpty() ? next.key() : next.key() + " of " + next.reusedFrom());
            case Failed -> tell(Severity.Warning, member, what + "Failed", next.message());
            case Skipped -> tell(Severity.Normal, member, what + "Skipped", next.message());
            case Pending, Blocked, Queued, Running -> {}
        }
    }

    private void became(String type, Severity severity, String reason) {
        condition(after, type)
                .filter(next -> next.getStatus().equals("True"))
                .filter(next -> condition(before, type)
                        .filter(old -> old.getStatus().equals("True")
                                && old.getMessage().equals(next.getMessage()))
                        .isEmpty())
                .ifPresent(next -> tell(severity, "", reason, next.getMessage()));
    }

    private void suspension() {
        boolean was = isTrue(before);
        boolean is = isTrue(after);
        if (was != is) {
            tell(Severity.Normal, "", is ? "Suspended" : "Resumed", is ? "finished members stay" : "");
        }
    }

    private static boolean isTrue(ModelFamilyStatus status) {
        return condition(status, Conditions.SUSPENDED)
                .filter(suspended -> suspended.getStatus().equals("True"))
                .isPresent();
    }

    private static Optional<Condition> condition(ModelFamilyStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }

    private void tell(Severity severity, String member, String reason, String message) {
        events.add(new EmitEvent(severity, member, reason, message));
    }
}
