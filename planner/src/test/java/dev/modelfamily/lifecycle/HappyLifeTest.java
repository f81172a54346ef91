package dev.modelfamily.lifecycle;

import static dev.modelfamily.planner.Families.family;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.contract.StageOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class HappyLifeTest {
    private final World world = new World(family().member("large", "80%")
            .member("medium", "70%")
            .member("small", "60%")
            .build());

    @Test
    void thePreparationComesFirst() {
        world.settle();
        assertThat(world.attempts).extracting(Attempt::member).containsExactly("parent");
        assertThat(world.status().phase()).isEqualTo("Preparing");
        assertThat(world.status().members())
                .extracting(MemberStatus::name, MemberStatus::state)
                .containsExactly(
                        tuple("large", MemberState.Pending),
                        tuple("medium", MemberState.Pending),
                        tuple("small", MemberState.Pending));
    }

    @Test
    void thenThePlanThenTheFirstStage() {
        world.prepare();
        assertThat(world.status().optionalPlan().orElseThrow().members()).hasSize(3);
        assertThat(world.status().optionalParent().orElseThrow().architecture()).isEqualTo("llama");
        assertThat(world.isLive("large")).isTrue();
        assertThat(world.isLive("medium")).isFalse();
        assertThat(world.member("medium").reason()).isEqualTo("WaitsForInput");
    }

    @Test
    void eachStageIsMadeFromTheOneBefore() {
        world.prepare().finishAll("large", "medium", "small");
        List<StageOrder> orders = world.started();
        assertThat(orders).extracting(StageOrder::member).containsExactly("large", "medium", "small");
        assertThat(orders.get(1).input().digest())
                .isEqualTo("sha256:made-" + orders.get(0).key());
        assertThat(orders.get(2).input().digest())
                .isEqualTo("sha256:made-" + orders.get(1).key());
        assertThat(orders).extracting(order -> order.parent().digest()).containsOnly("sha256:parent-hf://tiny/llama");
    }

    @Test
    void theEndIsComplete() {
        world.prepare().finishAll("large", "medium", "small");
        assertThat(world.status().phase()).isEqualTo("Succeeded");
        assertThat(world.condition("Ready")).isEqualTo("True");
        assertThat(world.condition("Complete")).isEqualTo("True");
        assertThat(world.condition("Reconciling")).isEqualTo("False");
        assertThat(world.condition("Stalled")).isEqualTo("False");
        assertThat(world.status().summary().members()).isEqualTo("3/3");
        assertThat(world.status().summary().progress()).isEqualTo("100%");
        assertThat(world.status().summary().perplexity()).isEqualTo("12");
        assertThat(world.status().totals().tokens()).isEqualTo(3_000_000);
        assertThat(world.status().optionalParent().orElseThrow().perplexity()).containsEntry("docs", "10");
    }

    @Test
    void aMemberTellsItsRanksInShort() {
        world.prepare().finishAll("large");
        assertThat(world.member("large").optionalResult().orElseThrow().ranks()).isEqualTo(FakeTrainer.RANKS);
    }

    @Test
    void everyTransitionIsToldOnce() {
        world.prepare().finishAll("large", "medium", "small");
        assertThat(world.events())
                .containsExactly(
                        "PreparationStarted",
                        "PreparationFinished",
                        "Planned",
                        "large:StageStarted",
                        "large:StageFinished",
                        "medium:StageStarted",
                        "medium:StageFinished",
                        "small:StageStarted",
                        "small:StageFinished",
                        "FamilyComplete");
    }

    @Test
    void aStageCostsFewWrites() {
        world.prepare();
        int before = world.writes;
        world.finishAll("large");
        // asked for, created, running; then one write that records it and asks for the next, and one that sees that
        // created
        assertThat(world.writes - before).isLessThanOrEqualTo(4);
    }
}
