package dev.modelfamily.cli.report;

import dev.modelfamily.api.v1alpha1.MemberPlanStatus;
import dev.modelfamily.api.v1alpha1.MemberSpec;
import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.api.v1alpha1.ProgressStatus;
import dev.modelfamily.api.v1alpha1.ResultStatus;
import dev.modelfamily.cli.report.ReportData.Course;
import dev.modelfamily.cli.report.ReportData.Member;
import dev.modelfamily.cli.report.ReportData.Parent;
import dev.modelfamily.contract.Manifest;
import dev.modelfamily.contract.StageResult;
import dev.modelfamily.planner.ModelShape;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts together what the spec, the status and the files say of one member. Where they differ, the member's own files win: the
 * manifest before the result before the status.
 *
 * @param shape of the parent
 * @param sets that quality is measured on
 * @param notes gets a sentence for each thing that cannot be read
 */
record MemberReading(
        Optional<ModelFamilySpec> spec,
        ModelFamilyStatus status,
        Parent parent,
        Optional<ModelShape> shape,
        List<String> sets,
        List<String> notes) {

    private static final ProgressStatus NO_PROGRESS = new ProgressStatus(null, null, null, null, null, null, null);

    Member member(MemberStatus known, MemberFiles files) {
        Optional<Manifest> manifest = files.manifest();
        Optional<StageResult> result = files.result().filter(ignored -> manifest.isPresent());
        Optional<ResultStatus> told = known.optionalResult();
        Optional<ModelShape> own = manifest.isPresent() ? files.shape(shape, notes) : Optional.empty();
        long parameters = manifest.map(Manifest::parameters)
                .or(() -> told.map(ResultStatus::parameters))
                .orElse(0L);
        return new Member(
                known.name(),
                from(known.name(), manifest),
                state(known, manifest).name(),
                RunReading.named(spec, known.name()).map(MemberSpec::size).orElse(""),
                manifest.map(Manifest::key).orElse(known.key()),
                result.map(StageResult::digest)
                        .or(() -> told.map(ResultStatus::digest))
                        .orElse(""),
                known.reusedFrom(),
                parameters,
                parent.parameters() > 0 ? (double) parameters / parent.parameters() : 0,
                own.map(MatrixRow::keptOfLinears).orElse(0.0),
                result.map(StageResult::bytes)
                        .or(() -> told.map(ResultStatus::bytes))
                        .orElse(0L),
                result.map(StageResult::tokens)
                        .or(() -> told.map(ResultStatus::tokens))
                        .orElseGet(() -> lastOf(files.curve())),
                result.map(StageResult::seconds).orElseGet(() -> seconds(known, told)),
                course(known, manifest),
                plan(known.name()),
                known.optionalProgress().orElse(NO_PROGRESS),
                quality(manifest, told),
                files.curve(),
                files.evaluations(),
                own.map(member -> MatrixRow.of(member, files.cutErrors())).orElse(List.of()));
    }

    private static MemberState state(MemberStatus known, Optional<Manifest> manifest) {
        return manifest.isPresent() && !RunReading.isOver(known.state()) ? MemberState.Succeeded : known.state();
    }

    private String from(String name, Optional<Manifest> manifest) {
        for (int index = 0; spec.isPresent() && index < spec.get().members().size(); index++) {
            if (spec.get().members().get(index).name().equals(name)) {
                return spec.get().originOf(index).map(MemberSpec::name).orElse(MemberSpec.PARENT);
            }
        }
        boolean root =
                manifest.map(made -> parent.digest().equals(made.inputDigest())).orElse(false);
        return root ? MemberSpec.PARENT : "";
    }

    private MemberPlanStatus plan(String name) {
        return status.optionalPlan().stream()
                .flatMap(plan -> plan.members().stream())
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseGet(() -> new MemberPlanStatus(name, null, null, null, null, null, null, null, null));
    }

    private static Course course(MemberStatus known, Optional<Manifest> manifest) {
        return new Course(
                known.attempt(),
                known.failures(),
                known.disruptions(),
                known.resumes(),
                known.startTime(),
                known.completionTime(),
                manifest.map(Manifest::recovery)
                        .map(recovery -> recovery.seed())
                        .orElse(-1L));
    }

    private List<Quality> quality(Optional<Manifest> manifest, Optional<ResultStatus> told) {
        Map<String, Double> before = manifest.map(made -> RunReading.orEmpty(made.perplexityBefore()))
                .or(() -> told.map(result -> RunReading.measured(result.perplexityBefore())))
                .orElseGet(() -> RunReading.orEmpty(null));
        Map<String, Double> after = manifest.map(made -> RunReading.orEmpty(made.perplexity()))
                .or(() -> told.map(result -> RunReading.measured(result.perplexity())))
                .orElseGet(() -> RunReading.orEmpty(null));
        return sets.stream()
                .map(set -> Quality.of(
                        set,
                        before.getOrDefault(set, Double.NaN),
                        after.getOrDefault(set, Double.NaN),
                        parent.perplexity().getOrDefault(set, Double.NaN)))
                .filter(Quality::isMeasured)
                .toList();
    }

    private static long lastOf(LossCurve curve) {
        return curve.tokens().isEmpty() ? 0 : curve.tokens().getLast();
    }

    private static double seconds(MemberStatus known, Optional<ResultStatus> told) {
        long onDevices = told.map(ResultStatus::gpuSeconds).orElse(0L);
        if (onDevices > 0) {
            return onDevices;
        }
        try {
            return Duration.between(Instant.parse(known.startTime()), Instant.parse(known.completionTime()))
                    .toSeconds();
        } catch (DateTimeException e) {
            return known.ranSeconds();
        }
    }
}
