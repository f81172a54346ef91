package dev.modelfamily.lifecycle;

import static dev.modelfamily.planner.Families.family;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The executor dies before each of its effects in a whole life, and comes back. */
class CrashTest {
    private static World fresh() {
        World world = new World(family().member("a", "80%")
                .member("b", "60%")
                .member("c", "70%", "parent")
                .build());
        world.maxParallel = 2;
        return world;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theEndIsThatOfAnUndisturbedLifeWhereverItDies(boolean attemptsSurvive) {
        World undisturbed = fresh();
        int effects = live(undisturbed, Integer.MAX_VALUE, true);
        assertThat(effects).isGreaterThan(20);
        for (int death = 0; death < effects; death++) {
            World world = fresh();
            live(world, death, attemptsSurvive);
            assertThat(world.status().phase())
                    .as("died before effect %d", death)
                    .isEqualTo("Succeeded");
            assertThat(world.finished.keySet()).isEqualTo(undisturbed.finished.keySet());
            if (attemptsSurvive) {
                assertThat(world.started().stream().distinct()).hasSize(3);
                assertThat(world.status().members()).allMatch(member -> member.disruptions() == 0);
            }
        }
    }

    @Test
    void anAttemptThatEndsBeforeItIsSeenIsNamedLikeAnyOther() {
        World world = new World(family().member("a", "80%").build());
        for (String member : List.of("parent", "a")) {
            while (!world.isLive(member)) {
                world.step();
            }
            world.complete(world.live(member));
        }
        world.settle();
        assertThat(world.status().preparing().job()).isNotEmpty();
        assertThat(world.member("a").job()).isNotEmpty();
    }

    /** A life in which the executor dies once; returns how many effects it had. */
    private static int live(World world, int death, boolean attemptsSurvive) {
        int effects = 0;
        for (int pass = 0; pass < 200 && !world.status().phase().equals("Succeeded"); pass++) {
            Decision next = Lifecycle.decide(world.family, world.observed(), world.now);
            int here = next.actions().size() + (next.status().equals(world.status()) ? 0 : 1);
            if (effects <= death && death < effects + here) {
                world.step(world.observed(), death - effects);
                if (!attemptsSurvive) {
                    world.attempts.removeIf(Attempt::isLive);
                }
            } else {
                world.step();
            }
            effects += here;
            if (here == 0) {
                world.now = world.now.plus(Duration.ofMinutes(1));
                world.attempts.stream().filter(Attempt::isLive).findFirst().ifPresent(attempt -> {
                    if (attempt.seen() instanceof Attempt.Seen.Waiting) {
                        world.see(attempt, new Attempt.Seen.Running(Optional.empty()));
                    } else {
                        world.complete(attempt);
                    }
                });
            }
        }
        return effects;
    }

    @Test
    void aTwinOfTheSameLifeIsEqualToTheLastField() {
        World one = fresh();
        World two = fresh();
        live(one, Integer.MAX_VALUE, true);
        live(two, Integer.MAX_VALUE, true);
        assertThat(one.status()).isEqualTo(two.status());
    }
}
