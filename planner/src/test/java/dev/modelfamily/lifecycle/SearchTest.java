package dev.modelfamily.lifecycle;

import static dev.modelfamily.planner.Families.family;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.SearchGoal;
import dev.modelfamily.api.v1alpha1.SearchSpec;
import dev.modelfamily.contract.StageOrder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SearchTest {
    /** The members that a search makes on its way, in order, with the perplexity that each turns out to have. */
    private static World play(SearchSpec search, Object... namesAndPerplexities) {
        World world = new World(family().search(search).build());
        for (int i = 0; i < namesAndPerplexities.length; i += 2) {
            world.trainer.perplexity.put((String) namesAndPerplexities[i], (Double) namesAndPerplexities[i + 1]);
        }
        world.prepare();
        for (int i = 0; i < namesAndPerplexities.length; i += 2) {
            assertThat(world.status().phase()).isEqualTo("Running");
            world.finishAll((String) namesAndPerplexities[i]);
        }
        return world;
    }

    private static SearchSpec within(String ratio, String least, String most, String tolerance, int members) {
        return new SearchSpec(
                SearchGoal.SmallestWithinPerplexity, "docs", ratio, most, least, tolerance, "1M", members);
    }

    private static SearchSpec under(String most, int members) {
        return new SearchSpec(SearchGoal.BestUnderSize, "docs", null, most, null, null, "1M", members);
    }

    @Test
    void theRangeIsHalvedAndTheChainGoesDownFromWhatFits() {
        World world = play(
                within("1.25", "60%", "100%", "5%", 8),
                "size-80",
                11.0, // fits: smaller ones are made from it
                "size-70",
                13.0, // does not
                "size-75",
                12.5); // just fits

        assertThat(world.status().phase()).isEqualTo("Succeeded");
        assertThat(world.status().search().found()).isEqualTo("size-75");
        assertThat(world.status().search().lower()).isEqualTo("70%");
        assertThat(world.status().search().upper()).isEqualTo("75%");
        assertThat(world.status().search().measured()).isEqualTo(3);
        assertThat(world.status().search().ended()).isTrue();
        assertThat(world.status().summary().perplexity()).isEqualTo("12.5");
        assertThat(world.conditionMessage("Complete")).isEqualTo("3 of 3 members are finished; found: size-75");
        assertThat(world.events()).containsOnlyOnce("FamilyComplete");
        List<StageOrder> started = world.started();
        assertThat(started.get(1).input().digest())
                .isEqualTo(FakeTrainer.digest(started.get(0).key()));
        assertThat(started.get(2).input().digest())
                .isEqualTo(FakeTrainer.digest(started.get(0).key()));
    }

    @Test
    void aFamilyIsNotCompleteBetweenTwoMembersOfASearch() {
        World world = play(within("1.25", "60%", "100%", "5%", 8), "size-80", 11.0);

        assertThat(world.status().phase()).isEqualTo("Running");
        assertThat(world.status().search().ended()).isFalse();
        assertThat(world.isLive("size-70")).isTrue();
        assertThat(world.events()).doesNotContain("FamilyComplete");
    }

    @Test
    void aSearchThatFindsNothingHasFailedAndSaysWhatToDo() {
        World world = play(within("1.05", "60%", "90%", "10%", 8), "size-75", 11.0, "size-82-5", 10.9);

        assertThat(world.status().phase()).isEqualTo("Failed");
        assertThat(world.conditionMessage("Failed"))
                .isEqualTo("the search tried 2 members, down from 90%, and none has at most 1.05 times the parent's"
                        + " perplexity on 'docs'; raise search.maxPerplexityRatio, search.maxStages or the tokens");
    }

    @Test
    void aWiderBudgetReusesWhatWasMade() {
        World world = play(within("1.05", "60%", "90%", "10%", 8), "size-75", 11.0, "size-82-5", 10.9);
        int before = world.started().size();
        world.trainer.perplexity.put("size-67-5", 14.0);

        world.edit(family().search(within("1.15", "60%", "90%", "10%", 8)).build());

        assertThat(world.member("size-75").state()).isEqualTo(MemberState.Succeeded);
        assertThat(world.status().members())
                .extracting(member -> member.name())
                .containsExactly("size-75", "size-67-5");
        world.finishAll("size-67-5");
        assertThat(world.started().stream().map(StageOrder::key).distinct()).hasSize(before + 1);
        assertThat(world.status().search().found()).isEqualTo("size-75");
    }

    @Test
    void otherTokensBeginTheSearchAnew() {
        World world = play(within("1.25", "60%", "100%", "5%", 8), "size-80", 11.0, "size-70", 13.0);

        world.edit(family().search(new SearchSpec(
                        SearchGoal.SmallestWithinPerplexity, "docs", "1.25", "100%", "60%", "5%", "2M", 8))
                .build());

        assertThat(world.status().members()).extracting(member -> member.name()).containsExactly("size-80");
        assertThat(world.status().search().measured()).isZero();
    }

    @Test
    void noMoreMembersAreTriedThanAllowed() {
        World world = play(within("2", "40%", "100%", "0.1%", 2), "size-70", 11.0, "size-55", 12.0);

        assertThat(world.status().phase()).isEqualTo("Succeeded");
        assertThat(world.status().search().found()).isEqualTo("size-55");
    }

    @Test
    void theBestUnderASizeIsReachedInMoreStepsWhileTheyHelp() {
        World world = play(
                under("60%", 8),
                "steps-1-60",
                15.0,
                "steps-2-80",
                12.0,
                "steps-2-60",
                14.0,
                "steps-4-90",
                11.0,
                "steps-4-80",
                12.0,
                "steps-4-70",
                13.0,
                "steps-4-60",
                14.5);

        assertThat(world.status().phase()).isEqualTo("Succeeded");
        assertThat(world.status().search().found()).isEqualTo("steps-2-60");
        assertThat(world.status().summary().perplexity()).isEqualTo("14");
    }

    @Test
    void aRangeBelowTheSmallestMemberIsRefused() {
        World world = new World(family().search(under("15%", 8)).build()).prepare();

        assertThat(world.status().phase()).isEqualTo("Stalled");
        assertThat(world.conditionMessage("Stalled"))
                .startsWith("search.maxSize: 5% to 15% leaves nothing to search in: the parent has");
    }

    @Test
    void whatOnlyRoundingMakesSmallestIsStillPossible() {
        World world = new World(
                        family().search(within("100", "5%", "100%", "0.1%", 12)).build())
                .prepare();
        for (int i = 0; i < 12 && world.status().phase().equals("Running"); i++) {
            String next = world.status().members().getLast().name();
            world.run(next).advance(Duration.ofMinutes(1)).finish(next);
        }
        assertThat(world.status().phase()).isEqualTo("Succeeded");
    }
}
