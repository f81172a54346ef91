package dev.modelfamily.lifecycle;

import static dev.modelfamily.planner.Families.family;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.contract.StageResult;
import dev.modelfamily.planner.Families;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReuseTest {
    private static Families two() {
        return family().member("large", "80%").member("small", "60%");
    }

    private final World done = new World(two().build()).prepare().finishAll("large", "small");

    @Test
    void whatIsThereIsTakenOverInsteadOfRun() {
        World world = new World(two().build());
        world.finished.putAll(done.finished);
        world.prepare();
        assertThat(world.status().phase()).isEqualTo("Succeeded");
        assertThat(world.started()).isEmpty();
        assertThat(world.member("small").reason()).isEqualTo("Reused");
        assertThat(world.member("small").reusedFrom()).isEmpty();
        assertThat(world.status().totals().tokens()).isZero();
        assertThat(world.events()).contains("large:StageReused", "small:StageReused");
    }

    @Test
    void anotherFamilysMemberIsNamed() {
        World world =
                new World(family().member("big", "80%").member("tiny", "50%").build());
        done.finished.forEach((key, result) -> world.finished.put(key, of("team/other/" + result.member(), result)));
        world.prepare();
        assertThat(world.member("big").state()).isEqualTo(MemberState.Succeeded);
        assertThat(world.member("big").reusedFrom()).isEqualTo("team/other/large");
        assertThat(world.isLive("tiny")).isTrue();
    }

    @Test
    void aPreparationThatIsThereIsNotRun() {
        World world = new World(two().build());
        world.prepared.putAll(done.prepared);
        world.settle();
        assertThat(world.isLive("parent")).isFalse();
        assertThat(world.isLive("large")).isTrue();
    }

    @Test
    void aPreparationThatIsGoneIsRunAgain() {
        World world = new World(two().build()).prepare().finishAll("large");
        world.prepared.clear();
        world.settle();
        assertThat(world.live("parent").number()).isEqualTo(2);
        assertThat(world.member("large").state()).isEqualTo(MemberState.Succeeded);
        world.prepare().finishAll("small");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
    }

    @Test
    void aResultThatAppearsWhileItsStageRunsIsTakenAndTheAttemptStopped() {
        World world = new World(two().build()).prepare().run("large");
        done.finished.forEach((key, result) -> world.finished.put(key, at("/elsewhere", result)));
        world.settle();
        assertThat(world.status().phase()).isEqualTo("Succeeded");
        world.advance(Duration.ofMinutes(2));
        assertThat(world.isLive("large")).isFalse();
    }

    @Test
    void theAttemptThatMadeTheResultMayEndByItself() {
        World world = new World(two().build()).prepare().run("large");
        Attempt attempt = world.live("large");
        world.finished.put(attempt.key(), world.trainer.result(world.root, attempt));
        world.settle();
        assertThat(world.member("large").state()).isEqualTo(MemberState.Succeeded);
        assertThat(world.isLive("large")).isTrue();
        assertThat(world.wakeAt).contains(world.now.plusSeconds(60));
        assertThat(world.isLive("small")).isFalse();
        world.advance(Duration.ofMinutes(1));
        assertThat(world.isLive("large")).isFalse();
        assertThat(world.isLive("small")).isTrue();
    }

    private static StageResult of(String member, StageResult result) {
        return copy(member, result.path(), result);
    }

    private static StageResult at(String path, StageResult result) {
        return copy(result.member(), path, result);
    }

    private static StageResult copy(String member, String path, StageResult result) {
        return new StageResult(
                1,
                result.key(),
                member,
                result.digest(),
                path,
                result.parameters(),
                result.bytes(),
                result.perplexityBefore(),
                result.perplexity(),
                result.perplexityOfInput(),
                result.tokens(),
                result.seconds(),
                "");
    }
}
