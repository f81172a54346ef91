package dev.modelfamily.lifecycle;

import static dev.modelfamily.planner.Families.family;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.MemberState;
import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DamageTest {
    private static final String SENTENCE = "model.safetensors does not have the digest of its manifest";

    private final World world = new World(family().member("large", "80%")
                    .member("medium", "70%")
                    .member("small", "60%")
                    .build())
            .prepare()
            .finishAll("large", "medium");

    @Test
    void aDamagedMemberIsNamedAndMadeAgain() {
        world.finishAll("small").damage("large", SENTENCE);
        assertThat(world.live("large").number()).isEqualTo(2);
        assertThat(world.member("large").message()).isEqualTo(SENTENCE);
        assertThat(world.events()).containsOnlyOnce("large:MemberDamaged");
        assertThat(world.status().phase()).isEqualTo("Running");
    }

    @Test
    void whatWasMadeFromItStays() {
        world.finishAll("small").damage("large", SENTENCE);
        assertThat(world.member("medium").optionalResult()).isPresent();
        assertThat(world.member("medium").state()).isEqualTo(MemberState.Pending);
        world.finishAll("large");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
        assertThat(world.member("medium").attempt()).isEqualTo(1);
        assertThat(world.member("small").attempt()).isEqualTo(1);
    }

    @Test
    void whatIsNotBegunWaitsUntilAllAboveItIsThere() {
        world.maxParallel = 2;
        world.run("small").exit("small", 70, "a bug").damage("large", SENTENCE).advance(Duration.ofMinutes(1));
        assertThat(world.isLive("large")).isTrue();
        assertThat(world.isLive("small")).isFalse();
        world.finishAll("large", "small");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
    }

    @Test
    void whatWasAskedForAndNotStartedGivesItsPlaceBack() {
        world.run("small");
        world.see(world.live("small"), new Attempt.Seen.Exited(137, "", world.now));
        world.step(world.observed(), 1);
        assertThat(world.member("small").attempt()).isEqualTo(2);
        world.damage("medium", SENTENCE).finishAll("medium", "small");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
    }

    @Test
    void whatRunsOnItRunsOn() {
        world.run("small").damage("medium", SENTENCE);
        assertThat(world.isLive("small")).isTrue();
        assertThat(world.isLive("medium")).isFalse();
        world.finish("small").finishAll("medium");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
    }

    @Test
    void whatFailedOnItIsTriedAgain() {
        world.run("small").exit("small", 65, "the input does not have its digest");
        assertThat(world.status().phase()).isEqualTo("Failed");
        world.damage("medium", SENTENCE).finishAll("medium", "small");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
    }

    @Test
    void damageThatIsSeenLateMakesNothingAgain() {
        world.damaged.put(world.member("large").key(), SENTENCE);
        Observed late = world.observed();
        Observed damagedOnly = new Observed(
                late.surroundings(),
                late.prepared(),
                late.attempts(),
                new TreeMap<>(),
                late.damaged(),
                late.leftovers());
        world.step(damagedOnly, Integer.MAX_VALUE);
        world.damaged.clear();
        world.settle();
        assertThat(world.member("large").state()).isEqualTo(MemberState.Succeeded);
        assertThat(world.member("large").attempt()).isEqualTo(1);
    }

    @Test
    void aMemberOfWhichNothingIsSeenStaysRecorded() {
        world.finished.clear();
        world.settle().finishAll("small");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
        assertThat(world.member("large").attempt()).isEqualTo(1);
    }
}
