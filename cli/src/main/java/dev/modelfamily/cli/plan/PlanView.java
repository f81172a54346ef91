package dev.modelfamily.cli.plan;

import dev.modelfamily.api.v1alpha1.Allocation;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.planner.MemberPlan;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.Parameters;
import dev.modelfamily.planner.Plan;
import dev.modelfamily.planner.RankSummary;
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
     * @param rankSummary such as {@code 64-448, 40 of 210 matrices dense}; an estimate, and said to be one, for allocation Global
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
        boolean global = family.getSpec().method().allocation() == Allocation.Global;
        List<Member> members = plan.members().stream()
                .map(member -> member(member, plan, model, global))
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

    private static Member member(MemberPlan member, Plan plan, Model parent, boolean global) {
        return new Member(
                member.name(),
                member.input() < 0
                        ? "parent"
                        : plan.members().get(member.input()).name(),
                member.parameters(),
                (double) member.parameters() / parent.parameters(),
                (double) Parameters.inLinears(member.shape()) / parent.parametersInLinears(),
                summary(member, global),
                member.ranks(),
                member.bytes(),
                member.tokens(),
                member.flops(),
                member.memoryBytes(),
                member.hours());
    }

    /** A global allocation is known when the stage has measured its input, so what stands here is that of a uniform one. */
    private static String summary(MemberPlan member, boolean estimate) {
        return RankSummary.of(member.shape()) + (estimate ? " (estimate)" : "");
    }
}
