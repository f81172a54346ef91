package dev.modelfamily.cli.plan;

import dev.modelfamily.cli.text.Table;
import dev.modelfamily.cli.text.Times;
import dev.modelfamily.planner.Figures;
import java.util.List;

/** A plan as a table for people. */
final class PlanTable {
    private static final double SECONDS_IN_AN_HOUR = 3600;

    private PlanTable() {}

    static String of(PlanView plan) {
        Table table = new Table()
                .words("member")
                .words("from")
                .numbers("parameters")
                .numbers("of all")
                .numbers("of linears")
                .words("ranks")
                .numbers("size")
                .numbers("tokens")
                .numbers("FLOPs")
                .numbers("memory")
                .numbers("time");
        table.row(List.of(
                "parent",
                "",
                Figures.count(plan.parent().parameters()),
                Figures.percent(1),
                Figures.percent(1),
                "",
                "",
                "",
                "",
                "",
                ""));
        plan.members().forEach(member -> table.row(row(member)));
        table.row(List.of(
                "total",
                "",
                "",
                "",
                "",
                "",
                "",
                Figures.count(plan.tokens()),
                Figures.power(plan.flops()),
                "",
                time(plan.hours())));
        StringBuilder text = new StringBuilder()
                .append(plan.family() + ": " + plan.members().size() + " members of a "
                        + plan.parent().architecture() + " parent; times on " + plan.device() + ", as an estimate\n\n")
                .append(table);
        plan.notes().forEach(note -> text.append("\nnote: " + note + "\n"));
        return text.toString();
    }

    private static List<String> row(PlanView.Member member) {
        return List.of(
                member.name(),
                member.from(),
                Figures.count(member.parameters()),
                Figures.percent(member.keptOfAll()),
                Figures.percent(member.keptOfLinears()),
                member.rankSummary(),
                Figures.bytes(member.bytes()),
                Figures.count(member.tokens()),
                Figures.power(member.flops()),
                Figures.bytes(member.memoryBytes()),
                time(member.hours()));
    }

    private static String time(double hours) {
        return Times.ofSeconds(hours * SECONDS_IN_AN_HOUR);
    }
}
