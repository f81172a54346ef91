package dev.modelfamily.lifecycle;

import static dev.modelfamily.planner.Families.family;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.planner.Families;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SuspendTest {
    private static Families two() {
        return family().member("large", "80%").member("small", "60%");
    }

    private final World world = new World(two().build()).prepare();

    private World suspend() {
        return world.edit(two().suspended(true).build());
    }

    @Test
    void theRunningAttemptIsStopped() {
        world.run("large");
        suspend();
        assertThat(world.isLive("large")).isFalse();
        assertThat(world.member("large").state()).isEqualTo(MemberState.Pending);
        assertThat(world.member("large").reason()).isEqualTo("Suspended");
        assertThat(world.status().phase()).isEqualTo("Suspended");
        assertThat(world.condition("Suspended")).isEqualTo("True");
        assertThat(world.condition("Reconciling")).isEqualTo("False");
        assertThat(world.events()).endsWith("Suspended");
    }

    @Test
    void untilItHasEndedTheStatusSaysStopping() {
        world.run("large");
        world.family.setSpec(two().suspended(true).build());
        world.family.getMetadata().setGeneration(2L);
        world.step();
        assertThat(world.member("large").reason()).isEqualTo("Stopping");
        assertThat(world.stopping).hasSize(1);
        assertThat(world.condition("Reconciling")).isEqualTo("True");
    }

    @Test
    void stoppingCountsAsNothing() {
        world.run("large");
        suspend();
        assertThat(world.member("large").resumes()).isZero();
        assertThat(world.member("large").disruptions()).isZero();
    }

    @Test
    void resumingGoesOnWithTheNextAttempt() {
        world.run("large");
        String key = world.member("large").key();
        suspend().edit(two().build());
        assertThat(world.live("large").number()).isEqualTo(2);
        assertThat(world.live("large").key()).isEqualTo(key);
        assertThat(world.started().getLast().places().checkpoints())
                .isEqualTo(world.started().getFirst().places().checkpoints());
        assertThat(world.events()).contains("Resumed");
    }

    @Test
    void finishedMembersStay() {
        world.finishAll("large").run("small");
        suspend();
        assertThat(world.member("large").state()).isEqualTo(MemberState.Succeeded);
        world.edit(two().build()).finishAll("small");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
        assertThat(world.started()).hasSize(3);
    }

    @Test
    void aResultThatCameInTheMeantimeIsRecorded() {
        world.run("large");
        world.family.setSpec(two().suspended(true).build());
        world.family.getMetadata().setGeneration(2L);
        world.complete(world.live("large"));
        world.settle();
        assertThat(world.member("large").state()).isEqualTo(MemberState.Succeeded);
        assertThat(world.isLive("small")).isFalse();
    }

    @Test
    void thePreparationIsStoppedToo() {
        World fresh = new World(two().build()).settle();
        fresh.edit(two().suspended(true).build());
        assertThat(fresh.isLive("parent")).isFalse();
        fresh.edit(two().build());
        assertThat(fresh.live("parent").number()).isEqualTo(2);
    }

    @Test
    void aFamilyThatIsBornSuspendedStartsNothing() {
        World fresh = new World(two().suspended(true).build()).settle().advance(Duration.ofDays(1));
        assertThat(fresh.attempts).isEmpty();
        assertThat(fresh.status().phase()).isEqualTo("Suspended");
    }

    @Test
    void aCompleteFamilyStaysComplete() {
        world.finishAll("large", "small");
        suspend();
        assertThat(world.status().phase()).isEqualTo("Succeeded");
        assertThat(world.condition("Ready")).isEqualTo("True");
    }
}
