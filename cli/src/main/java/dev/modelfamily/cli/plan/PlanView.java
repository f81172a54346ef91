package dev.modelfamily.cli.plan;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.planner.Linears;
import dev.modelfamily.planner.MemberPlan;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.Parameters;
import dev.modelfamily.planner.Plan;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * A plan as it is shown, with what people and programs want to know of it.
 *
 * @param hours on the device, one stage after the other
 * @param notes what the user should know
 */
record PlanView(
        String family,
        String device,
        Model parent,
        List<Member> members,
        long tokens,
        double flops,
        double hours,
        List<String> notes) {
    /** The parent: its architecture, its parameters, and those of them in the matrices that are cut. */
    record Model(String architecture, long parameters, long parametersInLinears) {}

    /**
     * A member.
     *
     * @param from the member that it is made from, or {@code parent}
     * @param keptOfAll its share of the parent's parameters, embeddings included; 0 to 1
     * @param keptOfLinears the same of the matrices that are cut, as papers count it; 0 to 1
     * @param rankSummary such as {@code 64-448, 40 of 210 matrices dense}
     * @param ranks by linear; those that stay dense are absent
     * @param bytes of the weight files
     * @param memoryBytes the highest memory of the stage
     */
    record Member(
            String name,
            String from,
            long parameters,
            double keptOfAll,
            double keptOfLinears,
            String rankSummary,
            SortedMap<String, Integer> ranks,
            long bytes,
            long tokens,
            double flops,
            long memoryBytes,
            double hours) {}

    static PlanView of(ModelFamily family, ModelShape parent, Plan plan) {
        Model model = new Model(
                parent.modelType(),
                plan.parentParameters(),
                Parameters.inLinears(parent.withRanks(Collections.emptySortedMap())));
        List<Member> members = plan.members().stream()
                .map(member -> member(member, plan, model))
                .toList();
        return new PlanView(
                family.getMetadata().getName(),
                plan.device().name(),
                model,
                members,
                plan.tokens(),
                plan.flops(),
                plan.hours(),
                notes(family.getSpec(), plan));
    }

    private static List<String> notes(ModelFamilySpec spec, Plan plan) {
        Stream<String> search = spec.optionalSearch().stream()
                .map(wanted -> "this is what the search makes first; how good that is decides what comes next, at most "
                        + wanted.maxStages() + " members in all");
        return Stream.concat(plan.notes().stream(), search).toList();
    }

    private static Member member(MemberPlan member, Plan plan, Model parent) {
        return new Member(
                member.name(),
                member.input() < 0
                        ? "parent"
                        : plan.members().get(member.input()).name(),
                member.parameters(),
                (double) member.parameters() / parent.parameters(),
                (double) Parameters.inLinears(member.shape()) / parent.parametersInLinears(),
                summary(member),
                member.ranks(),
                member.bytes(),
                member.tokens(),
                member.flops(),
                member.memoryBytes(),
                member.hours());
    }

    private static String summary(MemberPlan member) {
        int all = Linears.of(member.shape()).size();
        int dense = all - member.ranks().size();
        String left = dense == 0 ? "" : dense + " of " + all + " dense";
        if (member.ranks().isEmpty()) {
            return left;
        }
        int least = Collections.min(member.ranks().values());
        int most = Collections.max(member.ranks().values());
        String range = least == most ? String.valueOf(least) : least + "-" + most;
        return left.isEmpty() ? range : range + ", " + left;
    }
}
