package dev.modelfamily.cli.report;

import dev.modelfamily.api.v1alpha1.EvaluationSpec;
import dev.modelfamily.api.v1alpha1.MemberSpec;
import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.api.v1alpha1.ParentStatus;
import dev.modelfamily.cli.report.ReportData.Member;
import dev.modelfamily.cli.report.ReportData.Method;
import dev.modelfamily.cli.report.ReportData.Parent;
import dev.modelfamily.cli.report.ReportData.Totals;
import dev.modelfamily.contract.Manifest;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.contract.StageResult;
import dev.modelfamily.planner.Linear;
import dev.modelfamily.planner.Linears;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.ModelShapes;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Puts together what the files of a run say of its family. */
final class RunReading {
    private final List<String> notes = new ArrayList<>();
    private final RunFolder folder;
    private final Optional<ModelFamily> family;
    private final Optional<ModelFamilySpec> spec;
    private final ModelFamilyStatus status;
    private final Map<MemberStatus, MemberFiles> files = new LinkedHashMap<>();

    private RunReading(Path root) {
        folder = new RunFolder(root, notes);
        family = folder.family();
        spec = family.map(ModelFamily::getSpec);
        status = family.map(ModelFamily::getStatus).orElse(ModelFamilyStatus.NOTHING);
        if (family.isEmpty()) {
            notes.add(
                    "family.json is missing or damaged: what was asked for, the plan and the states of the members are"
                            + " not known, only what the members' own folders say");
        }
        for (MemberStatus member : members()) {
            files.put(member, folder.files(member));
        }
    }

    /**
     * Reads a run, finished or not.
     *
     * @throws StageException {@link dev.modelfamily.contract.ExitCode#NOT_FOUND} where the folder holds no run
     */
    static ReportData read(Path root) {
        return new RunReading(root).data();
    }

    private ReportData data() {
        Optional<PrepareResult> prepared = folder.prepared(parentDigest());
        Optional<ModelShape> shape = prepared.flatMap(this::shape);
        Parent parent = parent(prepared, shape);
        MemberReading reading = new MemberReading(spec, status, parent, shape, sets(parent), notes);
        List<Member> members = new ArrayList<>(files.entrySet().stream()
                .map(entry -> reading.member(entry.getKey(), entry.getValue()))
                .toList());
        if (spec.isEmpty()) {
            members.sort(Comparator.comparingLong(Member::parameters).reversed());
        }
        Remarks.on(status, members, prepared, notes);
        return new ReportData(
                family.map(ModelFamily::getMetadata)
                        .map(ObjectMeta::getName)
                        .filter(name -> !name.isBlank())
                        .orElse(folder.name()),
                status.phase(),
                parent,
                spec.map(ModelFamilySpec::method).map(Method::of).orElse(Method.UNKNOWN),
                totals(members),
                sets(parent),
                List.copyOf(members),
                prepared.map(PrepareResult::data)
                        .map(data -> data.stream()
                                .filter(set -> set != null && set.ref() != null)
                                .toList())
                        .orElse(List.of()),
                family.map(FamilyYaml::of).orElse(""),
                versions(),
                List.copyOf(new LinkedHashSet<>(notes)));
    }

    /** Every member in the order of the spec; those that only a search or the folder knows come behind. */
    private List<MemberStatus> members() {
        Set<String> names = new LinkedHashSet<>();
        spec.ifPresent(known -> known.members().forEach(member -> names.add(member.name())));
        status.members().forEach(member -> names.add(member.name()));
        if (family.isEmpty()) {
            names.addAll(folder.memberNames());
        }
        return names.stream()
                .map(name -> status.member(name).orElseGet(() -> MemberStatus.pending(name)))
                .toList();
    }

    private String parentDigest() {
        return status.optionalParent()
                .map(ParentStatus::digest)
                .or(() -> first(Manifest::parentDigest))
                .orElse("");
    }

    private Parent parent(Optional<PrepareResult> prepared, Optional<ModelShape> shape) {
        Optional<ParentStatus> known = status.optionalParent();
        SortedMap<String, Double> perplexity = new TreeMap<>();
        roots().forEach(result -> perplexity.putAll(orEmpty(result.perplexityOfInput())));
        known.ifPresent(parent -> perplexity.putAll(measured(parent.perplexity())));
        return new Parent(
                spec.map(named -> named.parent().uri())
                        .or(() -> first(Manifest::parentName))
                        .orElse(""),
                known.map(ParentStatus::revision)
                        .filter(revision -> !revision.isEmpty())
                        .or(() -> prepared.map(PrepareResult::revision))
                        .orElse(""),
                parentDigest(),
                shape.map(ModelShape::modelType)
                        .or(() -> known.map(ParentStatus::architecture))
                        .orElse(""),
                shape.map(ModelShape::layers).orElse(0),
                known.map(ParentStatus::parameters)
                        .filter(parameters -> parameters > 0)
                        .or(() -> prepared.map(PrepareResult::parameters))
                        .orElse(0L),
                shape.map(model -> Linears.of(model).stream()
                                .mapToLong(Linear::dense)
                                .sum())
                        .orElse(0L),
                perplexity);
    }

    private Optional<ModelShape> shape(PrepareResult prepared) {
        if (prepared.config() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(ModelShapes.of(prepared.config()));
        } catch (StageException e) {
            notes.add("The parent's configuration " + e.getMessage() + ", so the shares of its matrices are not shown");
            return Optional.empty();
        }
    }

    /** The results of the members that are made from the parent, which measured the parent itself. */
    private List<StageResult> roots() {
        String digest = parentDigest();
        return files.values().stream()
                .filter(found -> found.manifest()
                        .map(manifest -> digest.equals(manifest.inputDigest()))
                        .orElse(false))
                .flatMap(found -> found.result().stream())
                .toList();
    }

    private Optional<String> first(Function<Manifest, String> field) {
        return manifests().stream().map(field).filter(Objects::nonNull).findFirst();
    }

    private List<Manifest> manifests() {
        return files.values().stream()
                .flatMap(found -> found.manifest().stream())
                .toList();
    }

    /** The evaluation sets of the spec, else all that anything was measured on. */
    private List<String> sets(Parent parent) {
        List<String> asked = spec.map(known -> known.data().evaluation().stream()
                        .map(EvaluationSpec::name)
                        .toList())
                .orElse(List.of());
        if (!asked.isEmpty()) {
            return asked;
        }
        Set<String> measured = new LinkedHashSet<>(parent.perplexity().keySet());
        manifests()
                .forEach(manifest ->
                        measured.addAll(orEmpty(manifest.perplexity()).keySet()));
        return List.copyOf(measured);
    }

    private Totals totals(List<Member> members) {
        boolean complete = members.stream().allMatch(Member::isFinished);
        return new Totals(
                Math.toIntExact(members.stream().filter(Member::isFinished).count()),
                Math.max(
                        status.totals().tokens(),
                        members.stream().mapToLong(Member::tokens).sum()),
                members.stream().mapToDouble(Member::seconds).sum(),
                members.stream()
                        .map(member -> member.course().started())
                        .filter(time -> !time.isEmpty())
                        .min(Comparator.naturalOrder())
                        .orElse(""),
                members.stream()
                        .map(member -> member.course().ended())
                        .filter(time -> complete && !time.isEmpty())
                        .max(Comparator.naturalOrder())
                        .orElse(""));
    }

    private SortedMap<String, String> versions() {
        SortedMap<String, Set<String>> all = new TreeMap<>();
        manifests()
                .forEach(manifest -> orEmpty(manifest.versions())
                        .forEach((part, version) -> all.computeIfAbsent(part, ignored -> new LinkedHashSet<>())
                                .add(version)));
        SortedMap<String, String> versions = new TreeMap<>();
        all.forEach((part, each) -> versions.put(part, String.join(", ", each)));
        return versions;
    }

    /** Perplexities as the status writes them. */
    static SortedMap<String, Double> measured(Map<String, String> texts) {
        SortedMap<String, Double> values = new TreeMap<>();
        texts.forEach((set, text) -> {
            try {
                values.put(set, Double.valueOf(text));
            } catch (NumberFormatException e) {
                values.put(set, Double.NaN);
            }
        });
        return values;
    }

    static <V> SortedMap<String, V> orEmpty(SortedMap<String, V> map) {
        return map == null ? new TreeMap<>() : map;
    }

    /** Whether a state says that no more will come of a member. */
    static boolean isOver(MemberState state) {
        return switch (state) {
            case Succeeded, Failed, Skipped -> true;
            case Pending, Blocked, Queued, Running -> false;
        };
    }

    /** The member of the spec that has a name. */
    static Optional<MemberSpec> named(Optional<ModelFamilySpec> spec, String name) {
        return spec.flatMap(known -> known.members().stream()
                .filter(member -> member.name().equals(name))
                .findFirst());
    }
}
