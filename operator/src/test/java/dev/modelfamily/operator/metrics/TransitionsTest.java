package dev.modelfamily.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.operator.Families;
import dev.modelfamily.operator.observe.World;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TransitionsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

    private static final String RUNNING =
            "{name: a, key: k, state: Running, attempt: 1, attemptTime: \"2026-01-01T00:30:00Z\"}";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Transitions transitions = new Transitions(registry);

    @Test
    void aFirstAttemptIsAStart() {
        count("{name: a, key: k}", "{name: a, key: k, state: Queued, attempt: 1}");

        assertThat(attempts("start")).isEqualTo(1);
    }

    @Test
    void anAttemptAfterACrashIsAResume() {
        count(RUNNING, "{name: a, key: k, state: Queued, attempt: 2, resumes: 1}");

        assertThat(attempts("resume")).isEqualTo(1);
        assertThat(seconds("failed")).isEqualTo(1800);
    }

    @Test
    void anAttemptAfterAnEvictionIsADisruption() {
        count(RUNNING, "{name: a, key: k, state: Queued, attempt: 2, disruptions: 1}");

        assertThat(attempts("disruption")).isEqualTo(1);
        assertThat(seconds("disrupted")).isEqualTo(1800);
    }

    @Test
    void aRetryThatHadToWaitIsAFailure() {
        count(
                "{name: a, key: k, state: Pending, attempt: 1, failures: 1, retryTime: \"2026-01-01T00:59:00Z\"}",
                "{name: a, key: k, state: Queued, attempt: 2, failures: 1}");

        assertThat(attempts("failure")).isEqualTo(1);
    }

    @Test
    void aFinishedStageCountsItsTimeAndItsGpus() {
        ModelFamilyStatus before = status(RUNNING, "{gpuSeconds: 10}");
        ModelFamilyStatus after = status("{name: a, key: k, state: Succeeded, attempt: 1}", "{gpuSeconds: 1810}");

        transitions.count(before, after, new World(List.of(), List.of()), NOW);

        assertThat(seconds("done")).isEqualTo(1800);
        assertThat(registry.get("modelfamily.gpu.seconds").counter().count()).isEqualTo(1800);
    }

    @Test
    void aStageThatIsSuspendedIsStopped() {
        count(RUNNING, "{name: a, key: k, state: Pending, attempt: 1}");

        assertThat(seconds("stopped")).isEqualTo(1800);
    }

    @Test
    void whatStaysCountsNothing() {
        count(RUNNING, RUNNING);

        assertThat(registry.find("modelfamily.attempts").counters())
                .allSatisfy(counter -> assertThat(counter.count()).isZero());
        assertThat(registry.find("modelfamily.stage.duration").timers())
                .allSatisfy(timer -> assertThat(timer.count()).isZero());
    }

    private void count(String before, String after) {
        transitions.count(status(before, "{}"), status(after, "{}"), new World(List.of(), List.of()), NOW);
    }

    private static ModelFamilyStatus status(String member, String totals) {
        return Families.read("apiVersion: modelfamily.dev/v1alpha1\nkind: ModelFamily\nmetadata: {name: x}\n"
                        + "status: {members: [" + member + "], totals: " + totals + "}")
                .getStatus();
    }

    private double attempts(String cause) {
        return registry.get("modelfamily.attempts")
                .tag("cause", cause)
                .counter()
                .count();
    }

    private double seconds(String outcome) {
        return registry.get("modelfamily.stage.duration")
                .tag("outcome", outcome)
                .timer()
                .totalTime(TimeUnit.SECONDS);
    }
}
