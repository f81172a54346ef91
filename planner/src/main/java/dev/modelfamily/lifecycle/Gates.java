package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.GateSpec;
import dev.modelfamily.api.v1alpha1.MemberSpec;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ResultStatus;
import dev.modelfamily.planner.Figures;
import java.util.Map;
import java.util.Optional;

/** Whether a member has the quality that its gate asks for. A gate that cannot be judged is missed. */
final class Gates {
    private Gates() {}

    /**
     * A judged gate.
     *
     * @param sentence the measured and the asked ratio, or why there is none
     */
    record Verdict(GateSpec gate, boolean passed, String sentence) {}

    /**
     * Judges a member that is recorded; empty where it has no gate or no result yet.
     *
     * @param ofParent the parent's perplexity by evaluation set
     */
    static Optional<Verdict> judge(MemberSpec spec, MemberStatus member, Map<String, String> ofParent) {
        return spec.optionalGate()
                .flatMap(gate -> member.optionalResult().map(result -> judge(gate, result, ofParent)));
    }

    private static Verdict judge(GateSpec gate, ResultStatus result, Map<String, String> ofParent) {
        double ratio = ratio(gate.evaluation(), result, ofParent);
        if (Double.isInfinite(ratio)) {
            boolean ofMember =
                    number(result.perplexity().get(gate.evaluation())).isEmpty();
            return new Verdict(
                    gate,
                    false,
                    "the " + (ofMember ? "member's" : "parent's") + " perplexity on '" + gate.evaluation()
                            + "' was not measured or is not finite");
        }
        boolean passed = ratio <= gate.maxRatio();
        return new Verdict(
                gate,
                passed,
                "perplexity on '" + gate.evaluation() + "' is " + Figures.measured(ratio) + " times the parent's, "
                        + (passed ? "within " : "above ") + gate.maxPerplexityRatio());
    }

    /** A member's perplexity divided by the parent's; infinite where one of them was not measured. */
    static double ratio(String evaluation, ResultStatus result, Map<String, String> ofParent) {
        Optional<Double> reached = number(result.perplexity().get(evaluation));
        Optional<Double> parent = number(ofParent.get(evaluation));
        return reached.isEmpty() || parent.isEmpty() ? Double.POSITIVE_INFINITY : reached.get() / parent.get();
    }

    private static Optional<Double> number(String text) {
        try {
            return Optional.ofNullable(text)
                    .map(Double::parseDouble)
                    .filter(Double::isFinite)
                    .filter(value -> value > 0);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
