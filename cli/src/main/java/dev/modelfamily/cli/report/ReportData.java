package dev.modelfamily.cli.report;

import dev.modelfamily.api.v1alpha1.MemberPlanStatus;
import dev.modelfamily.api.v1alpha1.MethodSpec;
import dev.modelfamily.api.v1alpha1.ProgressStatus;
import dev.modelfamily.api.v1alpha1.RecoveryLoss;
import dev.modelfamily.contract.PreparedData;
import java.util.List;
import java.util.SortedMap;

/**
 * All that the page draws. What is not known is 0, empty or NaN, and the page leaves it out.
 *
 * @param phase of the family, in one word
 * @param sets the evaluation sets, in the order of the spec
 * @param members in the order of the spec
 * @param yaml the family as its user wrote it, with the defaults; empty where it is not known
 * @param versions of trainer and libraries that made the members
 * @param notes what the reader must know: what failed, what is missing, what was left out
 */
record ReportData(
        String name,
        String phase,
        Parent parent,
        Method method,
        Totals totals,
        List<String> sets,
        List<Member> members,
        List<PreparedData> data,
        String yaml,
        SortedMap<String, String> versions,
        List<String> notes) {

    /**
     * @param revision the commit or digest that it was resolved to
     * @param linears parameters of the linears of all blocks, which are what a cut makes smaller
     */
    record Parent(
            String uri,
            String revision,
            String digest,
            String architecture,
            int layers,
            long parameters,
            long linears,
            SortedMap<String, Double> perplexity) {}

    /**
     * The method in the words of the spec; empty words where the spec is not known.
     *
     * @param towardsParent whether the training loss is a distance to the parent, whose own is 0
     */
    record Method(
            String preset,
            String truncation,
            String allocation,
            String recut,
            String recovery,
            boolean towardsParent,
            int rankMultiple) {
        static final Method UNKNOWN = new Method("", "", "", "", "", false, 0);

        static Method of(MethodSpec spec) {
            return new Method(
                    spec.preset().name(),
                    spec.truncation().name(),
                    spec.allocation().name(),
                    spec.recut().name(),
                    spec.recovery().name(),
                    spec.recovery() == RecoveryLoss.Distillation
                            && spec.distillation().crossEntropyShare() == 0,
                    spec.rankMultiple());
        }
    }

    /**
     * @param tokens trained, failed attempts included where the status has them
     * @param seconds of all stages together
     * @param started as RFC 3339 writes it
     * @param ended empty while a member is unfinished
     */
    record Totals(int finished, long tokens, double seconds, String started, String ended) {}

    /**
     * One member, finished or not.
     *
     * @param from the member that it is made from, or {@code parent}
     * @param asked its size in the words of the spec
     * @param keptOfAll its share of the parent's parameters
     * @param keptOfLinears its share of the parameters of the parent's linears
     */
    record Member(
            String name,
            String from,
            String state,
            String asked,
            String key,
            String digest,
            String reusedFrom,
            long parameters,
            double keptOfAll,
            double keptOfLinears,
            long bytes,
            long tokens,
            double seconds,
            Course course,
            MemberPlanStatus plan,
            ProgressStatus progress,
            List<Quality> quality,
            LossCurve curve,
            List<Evaluation> evaluations,
            List<MatrixRow> matrices) {
        boolean isFinished() {
            return parameters > 0;
        }
    }

    /** How a stage went. */
    record Course(int attempts, int failures, int disruptions, int resumes, String started, String ended, long seed) {}

    /** A measurement on the way. */
    record Evaluation(long tokens, String set, double perplexity) {}
}
