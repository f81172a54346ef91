package dev.modelfamily.lifecycle;

import static dev.modelfamily.planner.Families.family;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.PreparedStatus;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.planner.Families;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EditTest {
    private static Families three(String large, String medium, String small) {
        return family().member("large", large).member("medium", medium).member("small", small);
    }

    private final World world = new World(three("80%", "70%", "60%").build()).prepare();

    @Test
    void onlyWhatChangedIsMadeAnew() {
        world.finishAll("large", "medium", "small");
        world.edit(three("80%", "65%", "60%").build()).finishAll("medium", "small");
        assertThat(world.started())
                .extracting(StageOrder::member)
                .containsExactly("large", "medium", "small", "medium", "small");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
    }

    @Test
    void anEditThatChangesTheRunningStageStopsItAndStartsTheNewOne() {
        world.run("large");
        String old = world.live("large").key();
        world.edit(three("75%", "70%", "60%").build());
        assertThat(world.live("large").key()).isNotEqualTo(old);
        assertThat(world.actions)
                .anyMatch(action ->
                        action instanceof Action.Stop stop && stop.key().equals(old));
    }

    @Test
    void anEditFurtherDownLeavesTheRunningStage() {
        world.run("large").edit(three("80%", "70%", "50%").build());
        assertThat(world.live("large").number()).isEqualTo(1);
        assertThat(world.stopping).isEmpty();
    }

    @Test
    void aBadEditLeavesTheRunningStageAndSaysWhatIsWrong() {
        world.run("large").edit(three("80%", "90%", "60%").build());
        assertThat(world.live("large").number()).isEqualTo(1);
        assertThat(world.condition("Stalled")).isEqualTo("True");
        assertThat(world.conditionMessage("Stalled")).startsWith("members[1].size: 90% is not smaller than its input");
        assertThat(world.status().phase()).isEqualTo("Stalled");

        world.finish("large");
        assertThat(world.member("large").state()).isEqualTo(MemberState.Succeeded);
        assertThat(world.attempts).noneMatch(Attempt::isLive);

        world.edit(three("80%", "65%", "60%").build());
        assertThat(world.condition("Stalled")).isEqualTo("False");
        assertThat(world.isLive("medium")).isTrue();
        assertThat(world.events()).containsOnlyOnce("Stalled");
    }

    @Test
    void aCrashUnderABadEditIsCountedAndGoesOnWithTheCorrectedSpec() {
        world.run("large").edit(three("80%", "90%", "60%").build()).exit("large", 137, "");
        assertThat(world.isLive("large")).isFalse();
        assertThat(world.member("large").resumes()).isEqualTo(1);
        world.edit(three("80%", "70%", "60%").build());
        assertThat(world.live("large").number()).isEqualTo(2);
    }

    @Test
    void aRenamedMemberIsNotMadeAnew() {
        world.finishAll("large").run("medium");
        world.edit(family().member("big", "80%")
                .member("mid", "70%")
                .member("tiny", "60%")
                .build());
        assertThat(world.member("big").state()).isEqualTo(MemberState.Succeeded);
        assertThat(world.member("mid").state()).isEqualTo(MemberState.Running);
        assertThat(world.attempts)
                .filteredOn(Attempt::isLive)
                .extracting(Attempt::number)
                .containsExactly(1);
        assertThat(world.status().members()).extracting(MemberStatus::name).containsExactly("big", "mid", "tiny");

        world.finish("medium").finishAll("tiny");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
        assertThat(world.started()).hasSize(3);
        assertThat(world.member("mid").reusedFrom()).isEmpty();
    }

    @Test
    void aRenamedMemberKeepsItsHistory() {
        world.run("large")
                .exit("large", 70, "a bug")
                .advance(Duration.ofSeconds(10))
                .finishAll("large");
        MemberStatus before = world.member("large");
        world.advance(Duration.ofHours(1));
        world.edit(family().member("big", "80%")
                .member("medium", "70%")
                .member("small", "60%")
                .build());
        assertThat(world.member("big")).isEqualTo(Draft.of(before).name("big").build());
    }

    @Test
    void membersThatChangeTheirNamesKeepTheirResults() {
        World tree = new World(
                family().member("a", "80%").member("b", "70%", "parent").build());
        tree.prepare().finishAll("a", "b");
        tree.edit(family().member("b", "80%").member("a", "70%", "parent").build());
        assertThat(tree.status().phase()).isEqualTo("Succeeded");
        assertThat(tree.started()).hasSize(2);
    }

    @Test
    void aRemovedMemberVanishesAndItsAttemptIsStopped() {
        world.finishAll("large").run("medium");
        world.edit(family().member("large", "80%").member("small", "60%").build());
        assertThat(world.status().members()).extracting(MemberStatus::name).containsExactly("large", "small");
        assertThat(world.isLive("medium")).isFalse();
        assertThat(world.isLive("small")).isTrue();
    }

    @Test
    void aMemberPutInBetweenIsMadeFirst() {
        world.finishAll("large").run("medium");
        world.edit(family().member("large", "80%")
                .member("new", "75%")
                .member("medium", "70%")
                .member("small", "60%")
                .build());
        assertThat(world.isLive("new")).isTrue();
        assertThat(world.isLive("medium")).isFalse();
        assertThat(world.member("medium").state()).isEqualTo(MemberState.Pending);
    }

    @Test
    void anEditBackTakesTheOldResults() {
        world.finishAll("large", "medium", "small");
        world.edit(three("75%", "70%", "60%").build())
                .edit(three("80%", "70%", "60%").build());
        assertThat(world.status().phase()).isEqualTo("Succeeded");
        assertThat(world.started().stream().filter(order -> !order.member().equals("large")))
                .hasSize(2);
    }

    @Test
    void attemptsOfAStageThatComesBackGetNewNumbers() {
        world.run("large")
                .edit(three("75%", "70%", "60%").build())
                .run("large")
                .edit(three("80%", "70%", "60%").build());
        assertThat(world.live("large").number()).isEqualTo(3);
        assertThat(world.started()).extracting(StageOrder::attempt).containsExactly(1, 2, 3);
    }

    @Test
    void otherTextsArePreparedWhileTheOldStageRunsOn() {
        world.run("large")
                .edit(three("80%", "70%", "60%").texts("file:other.jsonl").build());
        assertThat(world.isLive("large")).isTrue();
        assertThat(world.isLive("parent")).isTrue();
        String old = world.live("large").key();
        world.prepare();
        assertThat(world.live("large").key()).isNotEqualTo(old);
    }

    @Test
    void aShorterCheckpointIntervalMakesNothingAnew() {
        world.run("large")
                .edit(three("80%", "70%", "60%").checkpointInterval("1m").build());
        assertThat(world.live("large").number()).isEqualTo(1);
    }

    @Test
    void movedStorageMakesNothingAnew() {
        world.finishAll("large", "medium");
        world.root = SimulatedExecutor.CLAIMS + "/elsewhere/fam";
        world.prepared.replaceAll((key, old) -> world.trainer.preparation(world.root, key));
        world.finished.replaceAll((key, old) -> world.trainer.result(
                world.root, new Attempt(old.member(), key, 1, "", new Attempt.Seen.Exited(0, "", Instant.EPOCH))));
        world.settle();
        assertThat(world.started().stream().filter(order -> !order.member().equals("small")))
                .hasSize(2);
        assertThat(world.member("medium").optionalResult().orElseThrow().uri()).startsWith("pvc://elsewhere/fam/");
        world.lose("small").finishAll("small");
        assertThat(world.started().getLast().input().path()).startsWith("/mnt/claims/elsewhere/fam/");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
    }

    @Test
    void aStatusThatWasLostIsFoundAgain() {
        world.finishAll("large").run("medium");
        world.family.setStatus(null);
        world.settle();
        assertThat(world.member("large").state()).isEqualTo(MemberState.Succeeded);
        assertThat(world.live("medium").number()).isEqualTo(1);
        assertThat(world.member("medium").state()).isEqualTo(MemberState.Running);
        world.advance(Duration.ofMinutes(1)).finish("medium").finishAll("small");
        assertThat(world.started()).hasSize(3);
    }

    @Test
    void whatRunsIsNotStoppedWhileNobodyKnowsWhetherItIsWanted() {
        world.run("large").family.setStatus(null);
        world.prepared.clear();
        world.settle();
        assertThat(world.isLive("large")).isTrue();
        world.prepare();
        assertThat(world.live("large").number()).isEqualTo(1);
        assertThat(world.member("large").state()).isEqualTo(MemberState.Running);
    }

    @Test
    void whatAnExecutorKeepsInTheStatusIsCarriedOver() {
        PreparedStatus kept = new PreparedStatus("sha256:1", "/parent", "sha256:2", "main", 7L, "{}", null);
        world.family.setStatus(world.status().withPrepared(kept));
        world.finishAll("large");
        assertThat(world.status().optionalPrepared()).contains(kept);
    }
}
