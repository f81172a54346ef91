package dev.modelfamily.lifecycle;

import static dev.modelfamily.planner.Families.family;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.planner.Families;
import org.junit.jupiter.api.Test;

/** A new trainer would make other members, so it is part of every key; but what is made stays. */
class UpgradeTest {
    private static Families two() {
        return family().member("large", "80%").member("small", "60%");
    }

    private final World world = new World(two().build()).prepare();

    private World upgrade() {
        world.trainerVersion = "2";
        return world.settle();
    }

    @Test
    void aCompleteFamilyIsLeftAlone() {
        world.finishAll("large", "small");
        int writes = world.writes;
        int actions = world.actions.size();
        upgrade();
        assertThat(world.writes).isEqualTo(writes);
        assertThat(world.actions).hasSize(actions);
    }

    @Test
    void whatIsDoneAndWhatRunsStays() {
        world.finishAll("large").run("small");
        upgrade();
        assertThat(world.isLive("parent")).isTrue();
        assertThat(world.live("small").number()).isEqualTo(1);
        world.prepare().finish("small");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
        assertThat(world.started()).hasSize(2);
        assertThat(world.member("large").trainer()).isEqualTo("1");
    }

    @Test
    void whatIsNotBegunIsMadeByTheNewOne() {
        world.run("large");
        upgrade().prepare().finish("large").finishAll("small");
        assertThat(world.member("large").trainer()).isEqualTo("1");
        assertThat(world.member("small").trainer()).isEqualTo("2");
    }

    @Test
    void anEditOfACompleteFamilyMakesOnlyWhatChanged() {
        world.finishAll("large", "small");
        upgrade().edit(family().member("large", "80%").member("small", "50%").build());
        world.prepare().finishAll("small");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
        assertThat(world.member("large").attempt()).isEqualTo(1);
        assertThat(world.member("large").state()).isEqualTo(MemberState.Succeeded);
        assertThat(world.started()).hasSize(3);
    }
}
