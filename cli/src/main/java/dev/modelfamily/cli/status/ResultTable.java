package dev.modelfamily.cli.status;

import dev.modelfamily.api.v1alpha1.EvaluationSpec;
import dev.modelfamily.api.v1alpha1.MemberPlanStatus;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.api.v1alpha1.ParentStatus;
import dev.modelfamily.api.v1alpha1.ResultStatus;
import dev.modelfamily.cli.folder.RunFolder;
import dev.modelfamily.cli.text.Table;
import dev.modelfamily.cli.text.Times;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.contract.StageResult;
import dev.modelfamily.planner.Figures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The members of a family with what they are and how good they are, the parent first. */
public final class ResultTable {
    private static final String NOTHING = "-";

    private final ModelFamilyStatus status;
    private final List<String> sets;
    private final Table table = new Table();

    private ResultTable(ModelFamily family) {
        this.status = Optional.ofNullable(family.getStatus()).orElse(ModelFamilyStatus.NOTHING);
        this.sets = family.getSpec().data().evaluation().stream()
                .map(EvaluationSpec::name)
                .toList();
    }

    /** The lines of the table. */
    public static String of(ModelFamily family, RunFolder folder) {
        return new ResultTable(family).write(folder);
    }

    private String write(RunFolder folder) {
        table.words("member")
                .words("state")
                .numbers("parameters")
                .numbers("kept")
                .numbers("size");
        for (String set : sets) {
            table.numbers(set + " cut").numbers(set);
        }
        table.numbers("time");
        status.optionalParent().ifPresent(this::parent);
        for (MemberStatus member : status.members()) {
            member(member, folder);
        }
        return table.toString();
    }

    private void parent(ParentStatus parent) {
        List<String> row =
                new ArrayList<>(List.of("parent", "", count(parent.parameters()), kept(parent.parameters()), ""));
        for (String set : sets) {
            row.add("");
            row.add(perplexity(parent.perplexity(), set));
        }
        row.add("");
        table.row(row);
    }

    private void member(MemberStatus member, RunFolder folder) {
        Optional<ResultStatus> result = member.optionalResult();
        Optional<MemberPlanStatus> plan = status.optionalPlan().stream()
                .flatMap(made -> made.members().stream())
                .filter(planned -> planned.name().equals(member.name()))
                .findFirst();
        long parameters = result.map(ResultStatus::parameters)
                .or(() -> plan.map(MemberPlanStatus::parameters))
                .orElse(0L);
        long bytes = result.map(ResultStatus::bytes)
                .or(() -> plan.map(MemberPlanStatus::bytes))
                .orElse(0L);
        List<String> row = new ArrayList<>(List.of(
                member.name(),
                member.state().name(),
                count(parameters),
                kept(parameters),
                bytes == 0 ? NOTHING : Figures.bytes(bytes)));
        for (String set : sets) {
            row.add(perplexity(result.map(ResultStatus::perplexityBefore).orElse(Map.of()), set));
            row.add(perplexity(result.map(ResultStatus::perplexity).orElse(Map.of()), set));
        }
        row.add(result.flatMap(made -> seconds(member, folder))
                .map(Times::ofSeconds)
                .orElse(NOTHING));
        table.row(row);
    }

    /** The time of all attempts together, which the member itself tells. */
    private static Optional<Double> seconds(MemberStatus member, RunFolder folder) {
        Path run = folder.members().resolve(member.name()).resolve("run.json");
        try {
            return Files.exists(run)
                    ? Optional.of(Json.read(run, StageResult.class).seconds())
                    : Optional.empty();
        } catch (StageException _) {
            return Optional.empty(); // damaged; the next run says so
        }
    }

    private static String count(long parameters) {
        return parameters == 0 ? NOTHING : Figures.count(parameters);
    }

    private String kept(long parameters) {
        long whole = status.optionalParent().map(ParentStatus::parameters).orElse(0L);
        return parameters == 0 || whole == 0 ? NOTHING : Figures.percent((double) parameters / whole);
    }

    private static String perplexity(Map<String, String> measured, String set) {
        return Optional.ofNullable(measured.get(set))
                .map(ResultTable::shortened)
                .orElse(NOTHING);
    }

    /** A perplexity in about four digits: 24.36, 1283, 1.28e7. */
    private static String shortened(String measured) {
        double value = Double.parseDouble(measured);
        if (!Double.isFinite(value)) {
            return measured;
        }
        return value >= 1e6
                ? Figures.power(value)
                : String.format(Locale.ROOT, value >= 1000 ? "%.0f" : value >= 100 ? "%.1f" : "%.2f", value);
    }
}
