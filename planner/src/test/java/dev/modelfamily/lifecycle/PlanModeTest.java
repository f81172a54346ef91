package dev.modelfamily.lifecycle;

import static dev.modelfamily.planner.Families.family;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.MemberPlanStatus;
import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.planner.Device;
import dev.modelfamily.planner.Families;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanModeTest {
    private static Families two() {
        return family().member("large", "80%").member("small", "60%");
    }

    private static World planned(World world) {
        return world.prepare();
    }

    @Test
    void onlyHeadersAreRead() {
        World world = new World(two().planOnly().build()).settle();
        assertThat(world.prepareOrder().headersOnly()).isTrue();
    }

    @Test
    void thePlanIsThereAndNothingStarts() {
        World world = new World(two().planOnly().build());
        world.device = Device.gpu("H100").orElseThrow();
        planned(world).advance(Duration.ofDays(30));
        List<MemberPlanStatus> members =
                world.status().optionalPlan().orElseThrow().members();
        assertThat(members).extracting(MemberPlanStatus::name).containsExactly("large", "small");
        assertThat(members.getFirst().parameters()).isPositive();
        assertThat(members.getFirst().ranks()).matches("[0-9]+(-[0-9]+)?(, [0-9]+ of 14 matrices dense)?");
        assertThat(members.getFirst().gpuHours()).isNotEmpty();
        assertThat(world.started()).isEmpty();
        assertThat(world.status().phase()).isEqualTo("Planned");
        assertThat(world.condition("Ready")).isEqualTo("True");
        assertThat(world.condition("Complete")).isEqualTo("False");
        assertThat(world.events()).containsOnlyOnce("Planned");
    }

    @Test
    void hoursOnACpuAreNoGpuHours() {
        World world = planned(new World(two().planOnly().build()));
        assertThat(world.status().optionalPlan().orElseThrow().gpuHours()).isEmpty();
    }

    @Test
    void modeRunPreparesAllAndGoesOn() {
        World world = planned(new World(two().planOnly().build())).edit(two().build());
        assertThat(world.prepareOrder().headersOnly()).isFalse();
        world.prepare().finishAll("large", "small");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
    }

    @Test
    void modePlanOnARunningFamilyStopsItAndKeepsWhatIsDone() {
        World world = new World(two().build()).prepare().finishAll("large").run("small");
        world.edit(two().planOnly().build());
        assertThat(world.isLive("small")).isFalse();
        assertThat(world.status().phase()).isEqualTo("Planned");
        assertThat(world.member("large").state()).isEqualTo(MemberState.Succeeded);
        world.edit(two().build()).finishAll("small");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
        assertThat(world.started()).hasSize(3);
    }

    @Test
    void modePlanWithOtherTextsKeepsWhatIsDone() {
        World world = new World(two().build()).prepare().finishAll("large");
        world.edit(two().texts("file:other.jsonl").planOnly().build());
        planned(world);
        assertThat(world.member("large").optionalResult()).isPresent();
        assertThat(world.status().phase()).isEqualTo("Planned");
        world.edit(two().build()).finishAll("small");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
        assertThat(world.started().stream().filter(order -> order.member().equals("large")))
                .hasSize(1);
    }

    @Test
    void thePlanSaysWhatIsReused() {
        World done = new World(two().build()).prepare().finishAll("large");
        assertThat(done.status().optionalPlan().orElseThrow().members())
                .extracting(MemberPlanStatus::reused)
                .containsExactly(false, false);

        World other = new World(two().build());
        other.finished.putAll(done.finished);
        other.prepare();
        assertThat(other.status().optionalPlan().orElseThrow().members())
                .extracting(MemberPlanStatus::reused)
                .containsExactly(true, false);
    }
}
