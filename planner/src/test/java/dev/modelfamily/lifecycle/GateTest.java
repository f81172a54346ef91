package dev.modelfamily.lifecycle;

import static dev.modelfamily.planner.Families.family;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.OnMiss;
import dev.modelfamily.planner.Families;
import org.junit.jupiter.api.Test;

class GateTest {
    private static Families tree(OnMiss onMiss) {
        return family().gated("large", "80%", null, "1.25", onMiss)
                .member("small", "60%", "large")
                .member("other", "70%", "parent");
    }

    private static World world(OnMiss onMiss, double perplexity) {
        World world = new World(tree(onMiss).build());
        world.trainer.perplexity.put("large", perplexity);
        return world.prepare();
    }

    @Test
    void aGateThatIsPassedChangesNothing() {
        World world = world(OnMiss.Stop, 12.5);
        assertThat(world.condition("QualityGatePassed")).isEqualTo("Unknown");
        world.finishAll("large", "small", "other");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
        assertThat(world.condition("QualityGatePassed")).isEqualTo("True");
    }

    @Test
    void stopEndsTheFamily() {
        World world = world(OnMiss.Stop, 13).finishAll("large");
        assertThat(world.attempts).noneMatch(Attempt::isLive);
        assertThat(world.member("large").state()).isEqualTo(MemberState.Succeeded);
        assertThat(world.member("large").reason()).isEqualTo("GateMissed");
        assertThat(world.member("large").message())
                .isEqualTo("perplexity on 'docs' is 1.3 times the parent's, above 1.25");
        assertThat(world.member("small").state()).isEqualTo(MemberState.Blocked);
        assertThat(world.member("other").state()).isEqualTo(MemberState.Blocked);
        assertThat(world.status().phase()).isEqualTo("Failed");
        assertThat(world.condition("QualityGatePassed")).isEqualTo("False");
        assertThat(world.events()).containsOnlyOnce("large:GateMissed", "FamilyFailed");
    }

    @Test
    void stopLetsARunningStageComeToItsEnd() {
        World world = new World(tree(OnMiss.Stop).build());
        world.maxParallel = 2;
        world.trainer.perplexity.put("large", 13.0);
        world.prepare().run("large").run("other").finish("large");
        assertThat(world.isLive("other")).isTrue();
        assertThat(world.status().phase()).isEqualTo("Running");
        world.finish("other");
        assertThat(world.member("other").state()).isEqualTo(MemberState.Succeeded);
        assertThat(world.status().phase()).isEqualTo("Failed");
    }

    @Test
    void continueIsReportedAndGoesOn() {
        World world = world(OnMiss.Continue, 13).finishAll("large", "small", "other");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
        assertThat(world.condition("QualityGatePassed")).isEqualTo("False");
    }

    @Test
    void pruneSkipsTheBranch() {
        World world = world(OnMiss.Prune, 13).finishAll("large", "other");
        assertThat(world.member("small").state()).isEqualTo(MemberState.Skipped);
        assertThat(world.status().phase()).isEqualTo("Succeeded");
        assertThat(world.status().summary().progress()).isEqualTo("100%");
        assertThat(world.status().summary().members()).isEqualTo("2/3");
    }

    @Test
    void aGateThatWasNotMeasuredIsMissed() {
        World world = new World(tree(OnMiss.Stop).build());
        world.trainer.measuresParent = false;
        world.prepare().finishAll("large");
        assertThat(world.status().phase()).isEqualTo("Failed");
        assertThat(world.member("large").message())
                .isEqualTo("the parent's perplexity on 'docs' was not measured or is not finite");
    }

    @Test
    void aPerplexityThatIsNoNumberIsMissed() {
        World world = world(OnMiss.Stop, Double.NaN).finishAll("large");
        assertThat(world.status().phase()).isEqualTo("Failed");
    }

    @Test
    void aGateThatIsLoosenedLetsTheFamilyGoOn() {
        World world = world(OnMiss.Stop, 13).finishAll("large");
        world.edit(family().gated("large", "80%", null, "1.5", OnMiss.Stop)
                .member("small", "60%", "large")
                .member("other", "70%", "parent")
                .build());
        assertThat(world.isLive("small")).isTrue();
        assertThat(world.member("large").attempt()).isEqualTo(1);
        world.finishAll("small", "other");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
    }

    @Test
    void aMemberFurtherDownIsMeasuredAgainstTheParentToo() {
        World world = new World(family().member("large", "80%")
                .gated("small", "60%", null, "1.1", OnMiss.Stop)
                .build());
        world.trainer.perplexity.put("small", 11.5);
        world.prepare().finishAll("large", "small");
        assertThat(world.member("small").message()).startsWith("perplexity on 'docs' is 1.15 times the parent's");
        assertThat(world.status().phase()).isEqualTo("Failed");
    }
}
