package dev.modelfamily.lifecycle;

import static dev.modelfamily.planner.Families.family;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CleanUpTest {
    @Test
    void leftoversOfAFinishedStageGoWhenTheirTimeHasCome() {
        World world =
                new World(family().member("large", "80%").checkpointsKept("2h").build()).prepare();
        world.run("large").exit("large", 137, "").finishAll("large");
        String key = world.member("large").key();
        assertThat(world.leftovers).containsExactly(key);
        assertThat(world.wakeAt).contains(world.now.plus(Duration.ofHours(2)));
        world.advance(Duration.ofHours(2));
        assertThat(world.actions).contains(new Action.CleanUp(key, 2));
        assertThat(world.leftovers).isEmpty();
        assertThat(world.wakeAt).isEmpty();
    }

    @Test
    void atOnceWhereNothingIsKept() {
        World world =
                new World(family().member("large", "80%").checkpointsKept("0s").build()).prepare();
        assertThat(world.finishAll("large").leftovers).isEmpty();
    }

    @Test
    void checkpointsOfAnUnfinishedStageStay() {
        World world =
                new World(family().member("large", "80%").checkpointsKept("0s").build()).prepare();
        world.run("large").exit("large", 65, "NaN").advance(Duration.ofDays(9));
        assertThat(world.leftovers).hasSize(1);
    }

    @Test
    void whatLiesInAnotherStorageIsNotTouched() {
        World done =
                new World(family().member("large", "80%").build()).prepare().finishAll("large");
        World world =
                new World(family().member("large", "80%").checkpointsKept("0s").build());
        world.root = "/storage/second";
        world.finished.putAll(done.finished);
        world.leftovers.addAll(done.finished.keySet());
        world.prepare();
        assertThat(world.actions).noneMatch(action -> action instanceof Action.CleanUp);
    }
}
