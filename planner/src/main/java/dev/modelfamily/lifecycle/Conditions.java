package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberSpec;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The conditions of a family. Ready, Reconciling and Stalled are those of kstatus: a family that has failed for good is Stalled
 * there. The time of a transition changes only with the status of its condition.
 */
record Conditions(Pass pass, Ground ground, Outlook outlook) {
    static final String READY = "Ready";
    static final String RECONCILING = "Reconciling";
    static final String STALLED = "Stalled";
    static final String COMPLETE = "Complete";
    static final String FAILED = "Failed";
    static final String SUSPENDED = "Suspended";
    static final String GATE = "QualityGatePassed";

    private static final int MESSAGE_LENGTH = 1024;

    /** What is true of the family, with why. */
    private record Truth(String type, String status, String reason, String message) {
        static Truth of(String type, boolean status, String reason, String message) {
            return new Truth(type, status ? "True" : "False", reason, message);
        }
    }

    List<Condition> next() {
        List<Truth> truths = new ArrayList<>();
        Optional<Truth> stalled = stalled();
        boolean ready = outlook.isComplete() || outlook.isPlanned();
        boolean works = stalled.isEmpty() && !ready && !outlook.isSuspended();
        String reason = stalled.map(Truth::reason).orElse(outlook.phase());
        String message = stalled.map(Truth::message).orElse(outlook.summary());
        truths.add(Truth.of(READY, ready && stalled.isEmpty(), reason, message));
        truths.add(Truth.of(RECONCILING, works, reason, works ? message : ""));
        truths.add(stalled.orElse(Truth.of(STALLED, false, outlook.phase(), "")));
        truths.add(Truth.of(COMPLETE, outlook.isComplete(), outlook.phase(), outlook.summary()));
        truths.add(failed());
        truths.add(Truth.of(
                SUSPENDED,
                pass.spec().suspend(),
                pass.spec().suspend() ? outlook.isBusy() ? Reasons.STOPPING : Reasons.SUSPENDED : "NotAsked",
                ""));
        gate().ifPresent(truths::add);
        return truths.stream().map(this::written).toList();
    }

    private Optional<Truth> stalled() {
        return ground.problem()
                .map(problem -> Truth.of(STALLED, true, problem.reason(), problem.sentence()))
                .or(() -> outlook.failure().map(fault -> Truth.of(STALLED, true, "Failed", fault)));
    }

    private Truth failed() {
        return outlook.failure()
                .map(fault -> Truth.of(FAILED, true, "Failed", fault))
                .orElse(Truth.of(FAILED, false, outlook.phase(), ""));
    }

    /** Unknown until each gate is judged or one is missed; absent without gates. */
    private Optional<Truth> gate() {
        if (pass.spec().members().stream().map(MemberSpec::optionalGate).allMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        Optional<Truth> missed = outlook.stands().stream()
                .filter(stand ->
                        stand.verdict().filter(verdict -> !verdict.passed()).isPresent())
                .findFirst()
                .map(stand -> Truth.of(
                        GATE,
                        false,
                        Reasons.GATE_MISSED,
                        stand.status().name() + ": "
                                + stand.verdict().orElseThrow().sentence()));
        return missed.or(() -> Optional.of(
                outlook.isComplete()
                        ? Truth.of(GATE, true, "GatesPassed", "every gate was passed")
                        : new Truth(GATE, "Unknown", "NotMeasured", "not every gate is measured yet")));
    }

    private Condition written(Truth truth) {
        String since = pass.before().conditions().stream()
                .filter(old ->
                        truth.type().equals(old.getType()) && truth.status().equals(old.getStatus()))
                .findFirst()
                .map(Condition::getLastTransitionTime)
                .orElse(pass.stamp());
        return new ConditionBuilder()
                .withType(truth.type())
                .withStatus(truth.status())
                .withReason(truth.reason())
                .withMessage(Draft.cut(truth.message(), MESSAGE_LENGTH))
                .withLastTransitionTime(since)
                .withObservedGeneration(pass.generation())
                .build();
    }
}
