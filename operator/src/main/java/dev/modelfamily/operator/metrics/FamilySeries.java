package dev.modelfamily.operator.metrics;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.api.v1alpha1.ParentStatus;
import dev.modelfamily.lifecycle.Lifecycle;
import dev.modelfamily.operator.observe.Times;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The series of families, made anew at each scrape from what the caches hold; a family that is gone has none. */
public final class FamilySeries extends Collector {
    private static final List<String> PHASES =
            List.of("Pending", "Preparing", "Planned", "Running", "Suspended", "Succeeded", "Failed", "Stalled");

    private static final String PARAMETERS = "Parameters, embeddings included";

    private final Supplier<Stream<ModelFamily>> families;
    private final Function<ResourceID, Optional<Instant>> reported;
    private final Supplier<Instant> clock;

    /**
     * The series of these families.
     *
     * @param reported when the pod of a Job last reported
     */
    public FamilySeries(
            Supplier<Stream<ModelFamily>> families,
            Function<ResourceID, Optional<Instant>> reported,
            Supplier<Instant> clock) {
        this.families = families;
        this.reported = reported;
        this.clock = clock;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        Page page = new Page();
        List<ModelFamily> all = families.get().toList();
        counts(page, all);
        all.forEach(family -> family(page, family));
        return page.samples();
    }

    private static void counts(Page page, List<ModelFamily> all) {
        Map<String, Integer> phases = new LinkedHashMap<>();
        PHASES.forEach(phase -> phases.put(phase, 0));
        Map<String, Integer> states = new LinkedHashMap<>();
        Stream.of(MemberState.values()).forEach(state -> states.put(state.name(), 0));
        for (ModelFamily family : all) {
            phases.merge(phase(family), 1, Integer::sum);
            status(family)
                    .members()
                    .forEach(member -> states.merge(member.state().name(), 1, Integer::sum));
        }
        phases.forEach(
                (phase, count) -> page.add("modelfamily_families", "Families", Labels.of("phase", phase), count));
        states.forEach((state, count) -> page.add("modelfamily_members", "Members", Labels.of("state", state), count));
    }

    private void family(Page page, ModelFamily family) {
        ModelFamilyStatus status = status(family);
        Labels labels = Labels.of("namespace", family.getMetadata().getNamespace())
                .add("family", family.getMetadata().getName());
        page.add("modelfamily_family_phase", "1 for the present phase", labels.add("phase", phase(family)), 1);
        status.conditions()
                .forEach(condition -> page.add(
                        "modelfamily_family_condition",
                        "1 for the present status of each condition",
                        labels.add("type", condition.getType()).add("status", condition.getStatus()),
                        1));
        page.add(
                "modelfamily_family_gpu_seconds",
                "GPUs times seconds so far",
                labels,
                status.totals().gpuSeconds());
        page.add(
                "modelfamily_family_tokens",
                "Tokens trained so far",
                labels,
                status.totals().tokens());
        status.optionalParent().ifPresent(parent -> parent(page, labels.add("member", Lifecycle.PREPARATION), parent));
        status.members().forEach(member -> {
            Labels own = labels.add("member", member.name());
            member(page, own, member, family.getMetadata().getNamespace());
            page.add(
                    "modelfamily_member_failures_limit",
                    "retry.maxFailures",
                    own,
                    family.getSpec().retry().maxFailures());
        });
    }

    private static void parent(Page page, Labels labels, ParentStatus parent) {
        page.add("modelfamily_member_parameters", PARAMETERS, labels, parent.parameters());
        perplexity(page, labels, parent.perplexity());
    }

    private void member(Page page, Labels labels, MemberStatus member, String namespace) {
        page.add(
                "modelfamily_member_state",
                "1 for the present state",
                labels.add("state", member.state().name()),
                1);
        page.add(
                "modelfamily_member_failures",
                "Attempts that the trainer reported as failed",
                labels,
                member.failures());
        page.add(
                "modelfamily_member_disruptions",
                "Attempts that ended for no fault of their own",
                labels,
                member.disruptions());
        page.add("modelfamily_member_resumes", "Attempts that went on from a checkpoint", labels, member.resumes());
        member.optionalResult().ifPresent(result -> {
            page.add("modelfamily_member_parameters", PARAMETERS, labels, result.parameters());
            page.add(
                    "modelfamily_member_gpu_seconds",
                    "GPUs times seconds of a finished member",
                    labels,
                    result.gpuSeconds());
            perplexity(page, labels, result.perplexity());
        });
        if (member.state() == MemberState.Running) {
            running(page, labels, member, namespace);
        }
    }

    private void running(Page page, Labels labels, MemberStatus member, String namespace) {
        member.optionalProgress().ifPresent(progress -> {
            page.add(
                    "modelfamily_member_progress_ratio",
                    "How much of the stage is done, 0 to 1",
                    labels,
                    progress.percent() / 100.0);
            if (progress.secondsLeft() >= 0) {
                page.add("modelfamily_member_seconds_left", "Until the stage is done", labels, progress.secondsLeft());
            }
        });
        reported.apply(new ResourceID(member.job(), namespace))
                .or(() -> member.optionalProgress().flatMap(progress -> Times.read(progress.time())))
                .or(() -> Times.read(member.attemptTime()))
                .ifPresent(last -> page.add(
                        "modelfamily_member_progress_age_seconds",
                        "Since the last report",
                        labels,
                        Duration.between(last, clock.get()).toMillis() / 1000.0));
    }

    private static void perplexity(Page page, Labels labels, Map<String, String> measured) {
        measured.forEach((evaluation, value) -> page.add(
                "modelfamily_member_perplexity",
                "Perplexity of a finished member, or of the parent",
                labels.add("evaluation", evaluation),
                Double.parseDouble(value)));
    }

    private static ModelFamilyStatus status(ModelFamily family) {
        return Optional.ofNullable(family.getStatus()).orElse(ModelFamilyStatus.NOTHING);
    }

    private static String phase(ModelFamily family) {
        String phase = status(family).phase();
        return phase.isEmpty() ? PHASES.getFirst() : phase;
    }

    /** Labels and their values, in order. */
    private record Labels(List<String> names, List<String> values) {
        static Labels of(String name, String value) {
            return new Labels(List.of(name), List.of(value));
        }

        Labels add(String name, String value) {
            return new Labels(
                    Stream.concat(names.stream(), Stream.of(name)).toList(),
                    Stream.concat(values.stream(), Stream.of(value)).toList());
        }
    }

    /** The gauges of one scrape. */
    private static final class Page {
        private final Map<String, GaugeMetricFamily> gauges = new LinkedHashMap<>();

        void add(String name, String help, Labels labels, double value) {
            gauges.computeIfAbsent(name, absent -> new GaugeMetricFamily(name, help, labels.names()))
                    .addMetric(labels.values(), value);
        }

        List<MetricFamilySamples> samples() {
            return List.copyOf(gauges.values());
        }
    }
}
