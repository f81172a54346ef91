package dev.modelfamily.lifecycle;

import static dev.modelfamily.planner.Families.family;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.planner.Families;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private static Families two() {
        return family().member("large", "80%").member("small", "60%");
    }

    @Test
    void anAttemptThatWaitsTooLongIsStoppedAndAskedForAgainForFree() {
        World world = new World(two().deadlines("1h", null, null).build()).prepare();
        assertThat(world.wakeAt).contains(world.now.plus(Duration.ofHours(1)));
        world.advance(Duration.ofHours(1));
        assertThat(world.isLive("large")).isFalse();
        world.advance(Duration.ofSeconds(10));
        assertThat(world.live("large").number()).isEqualTo(2);
        assertThat(world.member("large").disruptions()).isEqualTo(1);
        assertThat(world.member("large").failures()).isZero();
        assertThat(world.actions)
                .anyMatch(action -> action instanceof Action.Stop stop
                        && stop.reason().equals("it waits longer than deadlines.pending (1h): Created"));
    }

    @Test
    void aPlaceThatNeverComesIsNoCrashLoop() {
        World world = new World(two().deadlines("1h", null, null).build()).prepare();
        for (int hour = 0; hour < 30; hour++) {
            world.advance(Duration.ofMinutes(62));
        }
        assertThat(world.status().phase()).isEqualTo("Running");
        assertThat(world.member("large").disruptions()).isGreaterThan(Retries.FREE_RESUMES);
        assertThat(world.member("large").resumes()).isZero();
    }

    @Test
    void aStageThatRunsTooLongHasFailed() {
        World world =
                new World(two().deadlines(null, "2h", null).build()).prepare().run("large");
        assertThat(world.wakeAt).contains(world.now.plus(Duration.ofHours(2)));
        world.advance(Duration.ofHours(2));
        assertThat(world.isLive("large")).isFalse();
        assertThat(world.member("large").state()).isEqualTo(MemberState.Failed);
        assertThat(world.member("large").message()).isEqualTo("the stage runs longer than deadlines.stage (2h)");
        assertThat(world.member("small").state()).isEqualTo(MemberState.Blocked);
    }

    @Test
    void theAttemptsOfAStageCountTogetherAndWaitingDoesNot() {
        World world =
                new World(two().deadlines(null, "2h", null).build()).prepare().run("large");
        world.advance(Duration.ofMinutes(90)).disrupt("large", "Preempted").advance(Duration.ofHours(10));
        assertThat(world.isLive("large")).isTrue();
        world.run("large");
        assertThat(world.wakeAt).contains(world.now.plus(Duration.ofMinutes(30)));
        world.advance(Duration.ofMinutes(30));
        assertThat(world.member("large").reason()).isEqualTo("DeadlineExceeded");
        assertThat(world.member("large").ranSeconds()).isEqualTo(7200);
    }

    @Test
    void aFamilyThatTakesTooLongHasFailed() {
        World world = new World(two().deadlines(null, null, "3h").build())
                .prepare()
                .finishAll("large")
                .run("small");
        world.advance(Duration.ofHours(3));
        assertThat(world.member("large").state()).isEqualTo(MemberState.Succeeded);
        assertThat(world.member("small").message()).isEqualTo("the family takes longer than deadlines.family (3h)");
        assertThat(world.status().phase()).isEqualTo("Failed");
        assertThat(world.attempts).noneMatch(Attempt::isLive);
    }

    @Test
    void aPreparationThatTakesTooLongHasFailed() {
        World world =
                new World(two().deadlines(null, null, "3h").build()).settle().advance(Duration.ofHours(3));
        assertThat(world.status().phase()).isEqualTo("Failed");
        assertThat(world.isLive("parent")).isFalse();
    }

    @Test
    void aLongerDeadlineLetsTheFamilyGoOn() {
        World world =
                new World(two().deadlines(null, "2h", null).build()).prepare().run("large");
        world.advance(Duration.ofHours(2))
                .edit(two().deadlines(null, "5h", null).build());
        assertThat(world.isLive("large")).isTrue();
        world.finishAll("large", "small");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
    }

    @Test
    void anEditThatLeavesTheDeadlineStartsNothing() {
        World world =
                new World(two().deadlines(null, "2h", null).build()).prepare().run("large");
        world.advance(Duration.ofHours(2))
                .edit(two().deadlines("9h", "2h", null).build());
        assertThat(world.member("large").state()).isEqualTo(MemberState.Failed);
        assertThat(world.started()).hasSize(1);
    }
}
