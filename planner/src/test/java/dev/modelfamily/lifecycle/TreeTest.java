package dev.modelfamily.lifecycle;

import static dev.modelfamily.planner.Families.family;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.planner.Families;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TreeTest {
    /** parent -> a -> b, a -> c; parent -> d. */
    private static Families tree() {
        return family().member("a", "80%")
                .member("b", "70%", "a")
                .member("c", "60%", "a")
                .member("d", "50%", "parent");
    }

    @Test
    void independentBranchesRunAtOnce() {
        World world = new World(tree().build());
        world.maxParallel = 3;
        world.prepare();
        assertThat(world.isLive("a")).isTrue();
        assertThat(world.isLive("d")).isTrue();
        world.run("a").finish("a");
        assertThat(world.isLive("b")).isTrue();
        assertThat(world.isLive("c")).isTrue();
    }

    @Test
    void noMoreThanThePlacesThatThereAre() {
        World world = new World(tree().build());
        world.maxParallel = 2;
        world.prepare().run("a").finish("a");
        assertThat(world.attempts.stream().filter(Attempt::isLive).map(Attempt::member))
                .containsExactlyInAnyOrder("d", "b");
        assertThat(world.member("c").reason()).isEqualTo("WaitsForPlace");
    }

    @Test
    void aBranchThatFailsLeavesTheOthers() {
        World world = new World(tree().build());
        world.maxParallel = 2;
        world.prepare().exit("a", 65, "NaN in layer 3");
        assertThat(world.member("b").state()).isEqualTo(MemberState.Blocked);
        assertThat(world.member("b").message()).isEqualTo("it is made from 'a', which cannot be made");
        assertThat(world.status().phase()).isEqualTo("Running");
        world.finishAll("d");
        assertThat(world.status().phase()).isEqualTo("Failed");
        assertThat(world.member("d").state()).isEqualTo(MemberState.Succeeded);
    }

    @Test
    void twoMembersThatAreTheSameStageRunOnce() {
        World world = new World(family().member("first", "80%")
                .member("second", "80%", "parent")
                .build());
        world.maxParallel = 2;
        world.prepare();
        assertThat(world.isLive("second")).isFalse();
        assertThat(world.member("second").message()).isEqualTo("it is the same stage as 'first'");
        world.run("first").advance(Duration.ofMinutes(1)).finish("first");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
        assertThat(world.member("second").reusedFrom()).isEqualTo("team/fam/first");
        assertThat(world.started()).hasSize(1);
        assertThat(world.status().totals().tokens()).isEqualTo(1_000_000);
    }

    @Test
    void oneOfTwoThatAreTheSameIsBlockedWhereTheOtherFails() {
        World world = new World(family().member("first", "80%")
                .member("second", "80%", "parent")
                .build());
        world.prepare().exit("first", 65, "NaN");
        assertThat(world.member("second").state()).isEqualTo(MemberState.Blocked);
        assertThat(world.status().phase()).isEqualTo("Failed");
    }

    @Test
    void aMemberThatBecomesTheSameStageAsARunningOneLeavesItsAttemptToTheFirst() {
        World world = new World(family().member("first", "70%")
                .member("second", "80%", "parent")
                .build());
        world.maxParallel = 2;
        world.prepare().run("first").run("second");
        world.edit(family().member("first", "80%")
                .member("second", "80%", "parent")
                .build());
        assertThat(world.attempts.stream().filter(Attempt::isLive).map(Attempt::member))
                .containsExactly("second");
        assertThat(world.member("first").state()).isEqualTo(MemberState.Running);
        assertThat(world.member("second").reason()).isEqualTo("SharedStage");
        world.finish("second");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
        assertThat(world.started()).hasSize(2);
    }

    @Test
    void oneAttemptOfTwoThatAreTheSameIsFoundAgainOnce() {
        World world = new World(family().member("first", "80%")
                .member("second", "80%", "parent")
                .build());
        world.maxParallel = 2;
        world.prepare().run("first");
        world.family.setStatus(null);
        world.settle();
        assertThat(world.member("first").state()).isEqualTo(MemberState.Running);
        assertThat(world.member("second").reason()).isEqualTo("SharedStage");
    }
}
