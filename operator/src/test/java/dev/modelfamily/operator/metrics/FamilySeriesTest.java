package dev.modelfamily.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.operator.Families;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FamilySeriesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

    private static final String STATUS = """
            status:
              phase: Running
              conditions:
                - {type: Ready, status: "False", reason: Running, message: "", lastTransitionTime: "2026-01-01T00:00:00Z"}
              parent: {parameters: 1000, perplexity: {held-out: "10.5"}}
              totals: {gpuSeconds: 120, tokens: 5000}
              members:
                - name: large
                  state: Succeeded
                  failures: 1
                  result: {parameters: 800, gpuSeconds: 100, perplexity: {held-out: "12.25"}}
                - name: small
                  state: Running
                  job: tiny-small-1
                  attemptTime: "2026-01-01T00:50:00Z"
                  progress: {percent: 40, secondsLeft: 90, time: "2026-01-01T00:55:00Z"}
            """;

    @Test
    void aFamilyHasTheseSeries() {
        assertThat(lines(Stream.of(running("tiny")), Optional.of(NOW.minusSeconds(7))))
                .contains(
                        "modelfamily_families{phase=Running} 1.0",
                        "modelfamily_families{phase=Failed} 0.0",
                        "modelfamily_members{state=Succeeded} 1.0",
                        "modelfamily_members{state=Running} 1.0",
                        "modelfamily_family_phase{namespace=models,family=tiny,phase=Running} 1.0",
                        "modelfamily_family_condition{namespace=models,family=tiny,type=Ready,status=False} 1.0",
                        "modelfamily_family_gpu_seconds{namespace=models,family=tiny} 120.0",
                        "modelfamily_family_tokens{namespace=models,family=tiny} 5000.0",
                        "modelfamily_member_parameters{namespace=models,family=tiny,member=parent} 1000.0",
                        "modelfamily_member_parameters{namespace=models,family=tiny,member=large} 800.0",
                        "modelfamily_member_perplexity{namespace=models,family=tiny,member=parent,evaluation=held-out} 10.5",
                        "modelfamily_member_perplexity{namespace=models,family=tiny,member=large,evaluation=held-out} 12.25",
                        "modelfamily_member_state{namespace=models,family=tiny,member=large,state=Succeeded} 1.0",
                        "modelfamily_member_failures{namespace=models,family=tiny,member=large} 1.0",
                        "modelfamily_member_failures_limit{namespace=models,family=tiny,member=large} 3.0",
                        "modelfamily_member_disruptions{namespace=models,family=tiny,member=large} 0.0",
                        "modelfamily_member_resumes{namespace=models,family=tiny,member=large} 0.0",
                        "modelfamily_member_gpu_seconds{namespace=models,family=tiny,member=large} 100.0",
                        "modelfamily_member_progress_ratio{namespace=models,family=tiny,member=small} 0.4",
                        "modelfamily_member_seconds_left{namespace=models,family=tiny,member=small} 90.0",
                        "modelfamily_member_progress_age_seconds{namespace=models,family=tiny,member=small} 7.0");
    }

    @Test
    void theAgeOfProgressCountsFromTheStatusAfterARestart() {
        assertThat(lines(Stream.of(running("tiny")), Optional.empty()))
                .contains("modelfamily_member_progress_age_seconds{namespace=models,family=tiny,member=small} 300.0");
    }

    @Test
    void aFamilyWithoutAStatusIsPending() {
        assertThat(lines(Stream.of(Families.least()), Optional.empty()))
                .contains("modelfamily_family_phase{namespace=models,family=tiny,phase=Pending} 1.0");
    }

    @Test
    void aThousandFamiliesHaveSeriesInProportionAndNoneRemainWhenTheyAreGone() {
        int one = lines(Stream.of(running("family-0")), Optional.empty()).size();
        int none = lines(Stream.of(), Optional.empty()).size();
        Stream<ModelFamily> thousand = IntStream.range(0, 1000).mapToObj(number -> running("family-" + number));

        assertThat(lines(thousand, Optional.empty())).hasSize(none + 1000 * (one - none));
        assertThat(none).isEqualTo(8 + 7);
    }

    private static ModelFamily running(String name) {
        ModelFamily family = Families.with("");
        ModelFamily withStatus = Families.read(
                "apiVersion: modelfamily.dev/v1alpha1\nkind: ModelFamily\nmetadata: {name: x}\n" + STATUS);
        family.setStatus(withStatus.getStatus());
        family.getMetadata().setName(name);
        return family;
    }

    private static List<String> lines(Stream<ModelFamily> families, Optional<Instant> reported) {
        return new FamilySeries(() -> families, job -> reported, () -> NOW)
                .collect().stream()
                        .flatMap(metric -> metric.samples.stream())
                        .map(FamilySeriesTest::line)
                        .toList();
    }

    private static String line(Sample sample) {
        List<String> labels = IntStream.range(0, sample.labelNames.size())
                .mapToObj(index -> sample.labelNames.get(index) + "=" + sample.labelValues.get(index))
                .toList();
        return sample.name + "{" + String.join(",", labels) + "} " + sample.value;
    }
}
