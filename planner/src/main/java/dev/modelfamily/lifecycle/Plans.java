package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.Allocation;
import dev.modelfamily.api.v1alpha1.MemberPlanStatus;
import dev.modelfamily.api.v1alpha1.PlanStatus;
import dev.modelfamily.planner.Figures;
import dev.modelfamily.planner.MemberPlan;
import dev.modelfamily.planner.Plan;
import dev.modelfamily.planner.RankSummary;
import java.util.ArrayList;
import java.util.List;

/** The plan as the status writes it. */
record Plans(Pass pass) {
    PlanStatus written(Plan plan, List<Stand> stands) {
        List<MemberPlanStatus> members = new ArrayList<>();
        for (int index = 0; index < plan.members().size(); index++) {
            members.add(member(plan.members().get(index), plan, stands.get(index)));
        }
        return new PlanStatus(members, plan.tokens(), Figures.power(plan.flops()), hours(plan, plan.hours()));
    }

    private MemberPlanStatus member(MemberPlan member, Plan plan, Stand stand) {
        return new MemberPlanStatus(
                member.name(),
                member.parameters(),
                ranks(member),
                member.bytes(),
                member.tokens(),
                Figures.power(member.flops()),
                member.memoryBytes(),
                hours(plan, member.hours()),
                isReused(stand));
    }

    private boolean isReused(Stand stand) {
        return stand.status().startTime().isEmpty()
                && pass.seen().finished().containsKey(stand.status().key());
    }

    private String ranks(MemberPlan member) {
        if (pass.spec().method().allocation() == Allocation.Global) {
            return "found by the stage";
        }
        return RankSummary.of(member.shape());
    }

    private static String hours(Plan plan, double hours) {
        return plan.device().gpu() ? Figures.hours(hours) : "";
    }
}
