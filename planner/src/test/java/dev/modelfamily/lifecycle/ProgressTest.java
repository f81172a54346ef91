package dev.modelfamily.lifecycle;

import static dev.modelfamily.planner.Families.family;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.api.v1alpha1.ProgressStatus;
import dev.modelfamily.planner.Device;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final World world = new World(
                    family().member("large", "80%").member("small", "60%").build())
            .prepare()
            .run("large");

    private ProgressStatus shown() {
        return world.member("large").optionalProgress().orElseThrow();
    }

    private World at(int seconds, long done) {
        world.now = World.START.plusSeconds(seconds);
        return world.progress("large", done, 1_000_000);
    }

    @Test
    void theStatusShowsHowFarTheStageIs() {
        at(60, 250_000);
        assertThat(shown().percent()).isEqualTo(25);
        assertThat(shown().tokens()).isEqualTo(250_000);
        assertThat(shown().tokensPerSecond()).isEqualTo("1000");
        assertThat(shown().loss()).isEqualTo("2.5");
        assertThat(shown().secondsLeft()).isEqualTo(750);
        assertThat(world.status().summary().progress()).isEqualTo("12%");
        assertThat(world.status().summary().eta()).isEqualTo("30m");
    }

    @Test
    void itIsWrittenAtMostEachHalfMinute() {
        int before = world.writes;
        for (int second = 1; second <= 120; second++) {
            at(second, second * 5_000L);
        }
        assertThat(world.writes - before).isEqualTo(4);
    }

    @Test
    void lessThanAPercentIsWrittenAfterFiveMinutes() {
        at(60, 10_000);
        int before = world.writes;
        at(120, 10_500);
        assertThat(world.writes).isEqualTo(before);
        at(360, 11_000);
        assertThat(world.writes).isEqualTo(before + 1);
    }

    @Test
    void aCrashForgetsNoProgressUntilTheNextIsReported() {
        at(60, 400_000).advance(Duration.ofMinutes(20)).exit("large", 137, "");
        assertThat(shown().percent()).isEqualTo(40);
    }

    @Test
    void theResultTakesItsPlace() {
        at(60, 400_000).finish("large");
        assertThat(world.member("large").optionalProgress()).isEmpty();
        assertThat(world.status().summary().progress()).isEqualTo("50%");
    }

    @Test
    void gpuSecondsAreThoseOfAllAttempts() {
        World gpu = new World(family().member("large", "80%").build());
        gpu.device = Device.gpu("H100").orElseThrow();
        gpu.prepare().run("large").advance(Duration.ofMinutes(30)).exit("large", 70, "a bug");
        assertThat(gpu.status().totals().gpuSeconds()).isEqualTo(1800);
        gpu.advance(Duration.ofMinutes(1))
                .run("large")
                .advance(Duration.ofMinutes(30))
                .finish("large");
        assertThat(gpu.status().totals().gpuSeconds()).isEqualTo(3600);
        assertThat(gpu.status().summary().gpuHours()).isEqualTo("1.0");
        assertThat(gpu.member("large").optionalResult().orElseThrow().gpuSeconds())
                .isEqualTo(600);
    }

    @Test
    void theStatusIsTheSameAfterItWasWrittenAndRead() throws Exception {
        at(60, 400_000).exit("large", 70, "a bug");
        ObjectMapper json = new ObjectMapper();
        ModelFamilyStatus read = json.readValue(json.writeValueAsString(world.status()), ModelFamilyStatus.class);
        assertThat(read).isEqualTo(world.status());
        world.family.setStatus(read);
        int before = world.writes;
        world.settle();
        assertThat(world.writes).isEqualTo(before);
    }

    @Test
    void conditionsKeepTheTimeOfTheirTransition() {
        String since = world.status().conditions().getFirst().getLastTransitionTime();
        world.advance(Duration.ofHours(1)).finish("large");
        assertThat(world.status().conditions().getFirst().getLastTransitionTime())
                .isEqualTo(since);
        world.advance(Duration.ofHours(1)).run("small").finish("small");
        assertThat(world.status().conditions().getFirst().getLastTransitionTime())
                .isEqualTo("2026-01-01T02:00:00Z");
    }
}
