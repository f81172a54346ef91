package dev.modelfamily.lifecycle;

import static dev.modelfamily.planner.Families.family;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.planner.Families;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryTest {
    private static Families two() {
        return family().member("large", "80%").member("small", "60%");
    }

    private static World running() {
        return new World(two().build()).prepare().run("large");
    }

    @ParameterizedTest
    @ValueSource(ints = {69, 70, 75, 1})
    void aFailureWaitsAndIsTriedAgain(int code) {
        World world = running().exit("large", code, "the storage does not answer");
        assertThat(world.isLive("large")).isFalse();
        assertThat(world.member("large").failures()).isEqualTo(1);
        assertThat(world.member("large").message())
                .isEqualTo("attempt 1 ended with exit code " + code + ": the storage does not answer");
        assertThat(world.wakeAt).contains(world.now.plusSeconds(10));

        world.advance(Duration.ofSeconds(10));
        assertThat(world.live("large").number()).isEqualTo(2);
        assertThat(world.member("large").message()).contains("the storage does not answer");
    }

    @Test
    void eachWaitIsTwiceTheOneBeforeUpToTheLongest() {
        World world = new World(two().retry(9, 9).build()).prepare();
        for (int seconds : new int[] {10, 20, 40, 60, 60}) {
            world.run("large").exit("large", 70, "a bug");
            assertThat(world.wakeAt).contains(world.now.plusSeconds(seconds));
            world.advance(Duration.ofSeconds(seconds));
        }
        assertThat(world.member("large").failures()).isEqualTo(5);
    }

    @Test
    void afterTheLastTryTheMemberHasFailed() {
        World world = new World(two().retry(1, 9).build()).prepare().run("large");
        world.exit("large", 70, "a bug").advance(Duration.ofMinutes(1)).exit("large", 70, "the bug again");
        assertThat(world.member("large").state()).isEqualTo(MemberState.Failed);
        assertThat(world.member("large").message())
                .isEqualTo(
                        "failed 2 times, and retry.maxFailures is 1; the last: attempt 2 ended with exit code 70: the"
                                + " bug again");
        assertThat(world.member("small").state()).isEqualTo(MemberState.Blocked);
        assertThat(world.status().phase()).isEqualTo("Failed");
        assertThat(world.condition("Failed")).isEqualTo("True");
        assertThat(world.condition("Stalled")).isEqualTo("True");
        assertThat(world.condition("Reconciling")).isEqualTo("False");
        assertThat(world.wakeAt).isEmpty();
        assertThat(world.events()).contains("large:StageFailed", "FamilyFailed").doesNotContain("Stalled");
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 65, 66, 77})
    void aPermanentErrorIsNotTriedAgain(int code) {
        World world = running().exit("large", code, "parent.uri: hf://tiny/llama does not exist");
        assertThat(world.member("large").state()).isEqualTo(MemberState.Failed);
        assertThat(world.member("large").message()).isEqualTo("parent.uri: hf://tiny/llama does not exist");
        assertThat(world.member("large").failures()).isZero();
        assertThat(world.conditionMessage("Failed")).isEqualTo("large: parent.uri: hf://tiny/llama does not exist");
    }

    @Test
    void aPermanentErrorWithoutWordsNamesItsCode() {
        World world = running().exit("large", 65, " ");
        assertThat(world.member("large").message()).isEqualTo("attempt 1 ended with exit code 65");
    }

    @ParameterizedTest
    @ValueSource(ints = {134, 137, 139, 143, 255})
    void aCrashGoesOnAtOnce(int code) {
        World world = running().advance(Duration.ofMinutes(15)).exit("large", code, "");
        assertThat(world.live("large").number()).isEqualTo(2);
        assertThat(world.member("large").resumes()).isEqualTo(1);
        assertThat(world.member("large").failures()).isZero();
    }

    @Test
    void aStageThatCrashesWithoutGettingOnEnds() {
        World world = new World(two().retry(3, 100).build()).prepare();
        int crashes = 0;
        while (world.member("large").state() != MemberState.Failed && crashes < 50) {
            world.run("large").exit("large", 137, "");
            crashes++;
            world.advance(Duration.ofMinutes(1));
        }
        assertThat(crashes).isEqualTo(Retries.FREE_RESUMES + 1);
        assertThat(world.member("large").reason()).isEqualTo("CrashLoop");
    }

    @Test
    void theSecondCrashInARowWaits() {
        World world = running().exit("large", 137, "");
        assertThat(world.isLive("large")).isTrue();
        world.run("large").exit("large", 137, "");
        assertThat(world.isLive("large")).isFalse();
        assertThat(world.wakeAt).contains(world.now.plusSeconds(10));
    }

    @Test
    void aStageThatGetsOnMayCrashAsOftenAsTheSpecSays() {
        World world = new World(two().retry(3, 20).build()).prepare();
        int crashes = 0;
        while (world.member("large").state() != MemberState.Failed && crashes < 50) {
            world.run("large").advance(Duration.ofMinutes(11)).exit("large", 137, "killed");
            crashes++;
        }
        assertThat(crashes).isEqualTo(21);
        assertThat(world.member("large").message())
                .isEqualTo(
                        "crashed 21 times, and retry.maxResumes is 20; the last: attempt 21 crashed or was ended with exit code 137:"
                                + " killed");
    }

    @Test
    void aDisruptionIsFree() {
        World world = new World(two().retry(0, 0).build()).prepare();
        for (int count = 1; count <= 20; count++) {
            world.run("large").disrupt("large", "Evicted");
            assertThat(world.live("large").number()).isEqualTo(count + 1);
        }
        assertThat(world.member("large").disruptions()).isEqualTo(20);
        assertThat(world.member("large").failures()).isZero();
        assertThat(world.member("large").resumes()).isZero();
    }

    @Test
    void aDisruptionBeforeTheTrainerRanWaits() {
        World world = new World(two().build()).prepare().disrupt("large", "ImagePullBackOff");
        assertThat(world.isLive("large")).isFalse();
        assertThat(world.wakeAt).contains(world.now.plusSeconds(10));
        assertThat(world.advance(Duration.ofSeconds(10)).isLive("large")).isTrue();
    }

    @Test
    void anAttemptThatIsGoneIsADisruption() {
        World world = running().lose("large");
        assertThat(world.member("large").disruptions()).isEqualTo(1);
        assertThat(world.live("large").number()).isEqualTo(2);
        assertThat(world.member("large").message()).isEqualTo("attempt 1 (large-job-1) is gone without a result");
    }

    @Test
    void anAttemptThatWasAskedForAndNeverSeenIsAskedForAgain() {
        World world = new World(two().build()).prepare();
        world.finishAll("large");
        World restarted = new World(two().build()).prepare().run("large");
        restarted.complete(restarted.live("large"));
        restarted.step(restarted.observed(), 1);
        assertThat(restarted.isLive("small")).isFalse();
        assertThat(restarted.member("small").attempt()).isEqualTo(1);
        restarted.settle();
        assertThat(restarted.live("small").number()).isEqualTo(1);
        assertThat(restarted.member("small").disruptions()).isZero();
    }

    @Test
    void aDoneTrainerWithoutResultIsWaitedForAndThenAFailure() {
        World world = running().exit("large", 0, "");
        assertThat(world.member("large").reason()).isEqualTo("Finishing");
        world.advance(Duration.ofSeconds(30));
        assertThat(world.member("large").failures()).isEqualTo(1);
        assertThat(world.member("large").message()).contains("there is no result");
    }

    @Test
    void theEndOfAnAttemptIsCountedOnceHoweverOftenItIsSeen() {
        World world = running().exit("large", 70, "a bug");
        world.advance(Duration.ofSeconds(10)).run("large");
        for (int again = 0; again < 5; again++) {
            world.advance(Duration.ofSeconds(1));
        }
        assertThat(world.member("large").failures()).isEqualTo(1);
        assertThat(world.attempts).hasSize(3);
    }

    @Test
    void aPreparationIsTriedAgainToo() {
        World world = new World(two().build()).settle();
        world.exit("parent", 75, "the Hub is busy").advance(Duration.ofSeconds(10));
        assertThat(world.live("parent").number()).isEqualTo(2);
        world.exit("parent", 66, "parent.uri: hf://tiny/llama does not exist");
        assertThat(world.status().phase()).isEqualTo("Failed");
        assertThat(world.member("large").state()).isEqualTo(MemberState.Blocked);
        assertThat(world.conditionMessage("Failed"))
                .isEqualTo("the preparation failed: parent.uri: hf://tiny/llama does not exist");
    }

    @Test
    void anEditGivesAFailedMemberAnotherTry() {
        World world = running().exit("large", 77, "no access to the texts");
        world.edit(two().build());
        assertThat(world.live("large").number()).isEqualTo(2);
        world.exit("large", 77, "still no access");
        assertThat(world.member("large").state()).isEqualTo(MemberState.Failed);
        assertThat(world.advance(Duration.ofDays(1)).isLive("large")).isFalse();
    }

    @Test
    void longWordsOfTheTrainerFitIntoTheStatus() {
        World world = running().exit("large", 65, "x".repeat(5000));
        assertThat(world.member("large").message()).hasSize(1024).endsWith("…");
    }

    @Test
    void anEndThatIsSeenLateIsNotCountedAgain() {
        World world = running();
        Observed before = world.observed();
        world.exit("large", 70, "a bug");
        world.step(before, Integer.MAX_VALUE);
        world.settle().advance(Duration.ofSeconds(10));
        assertThat(world.member("large").failures()).isEqualTo(1);
        assertThat(world.live("large").number()).isEqualTo(2);
    }

    @Test
    void aNumberThatTheExecutorKnowsIsNotUsedAgainThoughTheStatusWasLost() {
        World world = running().exit("large", 70, "a bug");
        world.family.setStatus(null);
        world.settle();
        assertThat(world.live("large").number()).isEqualTo(2);
    }
}
