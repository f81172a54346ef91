package dev.modelfamily.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.e2e.cluster.Behaviour;
import dev.modelfamily.e2e.cluster.Behaviour.Step;
import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.SharedCluster;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClassBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Troubles of stages, and of their users, each with the state that it ends in. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class TroubleTest {
    @Test
    void aStageThatIsPreemptedWaitsForItsTurnAndCountsAsNoFailure(ControlPlane cluster) {
        try (Place place = Place.of(cluster, "preempted")) {
            place.trainer().play("large", message -> Behaviour.hangs());
            place.apply("tiny", "");
            place.awaitMember("tiny", "large", member -> member.state() == MemberState.Running);

            Pod important = moreImportantPod(place);
            place.awaitMember(
                    "tiny",
                    "large",
                    member -> member.attempt() == 2
                            && member.state() == MemberState.Queued
                            && member.reason().equals("Unschedulable"));
            place.trainer().playWell("large");
            place.client().resource(important).delete();
            ModelFamilyStatus status = place.awaitPhase("tiny", "Succeeded");

            assertThat(status.member("large").orElseThrow())
                    .returns(2, MemberStatus::attempt)
                    .returns(1, MemberStatus::disruptions)
                    .returns(0, MemberStatus::failures);
        }
    }

    @Test
    void aStageThatHangsIsStoppedAtItsDeadline(ControlPlane cluster) {
        try (Place place = Place.of(cluster, "hangs")) {
            place.trainer().play("large", message -> Behaviour.hangs());
            place.apply("tiny", "deadlines: {stage: 3s}");

            ModelFamilyStatus status = place.awaitPhase("tiny", "Failed");

            assertThat(status.member("large").orElseThrow())
                    .returns(MemberState.Failed, MemberStatus::state)
                    .returns("the stage runs longer than deadlines.stage (3s)", MemberStatus::message);
            await("nothing of it runs")
                    .atMost(Place.PATIENCE)
                    .until(() -> !place.jobs().containsKey("large"));
        }
    }

    @Test
    void aFullDiskIsTriedAgainAndThenSaidInTheTrainersWords(ControlPlane cluster) {
        String words = "/mnt/claims/models needs 4000000 bytes but its disk has 1000 free";
        try (Place place = Place.of(cluster, "disk")) {
            place.trainer().play("large", message -> Behaviour.fails(Duration.ZERO, 69, words));
            place.apply("tiny", "");
            place.patch("tiny", "{'spec': {'retry': {'maxFailures': 1, 'initialBackoff': '1s'}}}");

            ModelFamilyStatus full = place.awaitPhase("tiny", "Failed");
            place.trainer().playWell("large");
            place.patch("tiny", "{'spec': {'retry': {'maxFailures': 2}}}");
            ModelFamilyStatus roomy = place.awaitPhase("tiny", "Succeeded");

            assertThat(full.member("large").orElseThrow())
                    .returns(2, MemberStatus::attempt)
                    .satisfies(member -> assertThat(member.message()).contains(words));
            assertThat(roomy.member("large").orElseThrow()).returns(3, MemberStatus::attempt);
        }
    }

    @Test
    void aNodeWithoutDiskEvictsAndTheStageIsTriedAgain(ControlPlane cluster) {
        try (Place place = Place.of(cluster, "ephemeral")) {
            place.trainer().play("large", message -> {
                place.trainer().playWell("large");
                return Behaviour.play(
                        new Step.Runs(Duration.ZERO),
                        new Step.IsEvicted("The node was low on resource: ephemeral-storage."));
            });
            place.apply("tiny", "");

            ModelFamilyStatus status = place.awaitPhase("tiny", "Succeeded");

            assertThat(status.member("large").orElseThrow())
                    .returns(2, MemberStatus::attempt)
                    .returns(1, MemberStatus::disruptions);
        }
    }

    @Test
    void aBadEditLeavesTheRunningStageAloneAndAGoodOneGoesOn(ControlPlane cluster) {
        try (Place place = Place.of(cluster, "bad-edit")) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            place.trainer()
                    .play("medium", message -> Behaviour.play(new Step.RunsUntil(done), new Step.Exits(0, message)));
            place.apply("tiny", "");
            place.awaitMember("tiny", "medium", member -> member.state() == MemberState.Running);
            String running = place.jobs().get("medium").getFirst().getMetadata().getUid();

            place.patch("tiny", smallOf("6%"));
            ModelFamilyStatus bad = place.awaitPhase("tiny", "Stalled");
            place.patch("tiny", smallOf("50%"));
            place.awaitStatus("tiny", "the good edit", status -> status.observedGeneration() == 3);
            done.complete(null);
            ModelFamilyStatus good = place.awaitPhase("tiny", "Succeeded");

            assertThat(bad.conditions())
                    .filteredOn(condition -> condition.getType().equals("Stalled"))
                    .singleElement()
                    .satisfies(condition -> assertThat(condition.getMessage())
                            .contains("members[2].size")
                            .contains("too small"));
            assertThat(place.jobs().get("medium"))
                    .singleElement()
                    .satisfies(job -> assertThat(job.getMetadata().getUid()).isEqualTo(running));
            assertThat(good.members()).allMatch(member -> member.attempt() == 1);
        }
    }

    private static String smallOf(String size) {
        return """
                {'spec': {'members': [
                  {'name': 'large', 'size': '80%%', 'tokens': '100k'},
                  {'name': 'medium', 'size': '65%%', 'tokens': '100k'},
                  {'name': 'small', 'size': '%s', 'tokens': '100k'}]}}""".formatted(size);
    }

    /** Takes all GPUs of the node. */
    private static Pod moreImportantPod(Place place) {
        place.trainer().play("", message -> Behaviour.hangs());
        String name = place.namespace() + "-important";
        place.client()
                .resource(new PriorityClassBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withValue(1000)
                        .build())
                .create();
        return place.client()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName("important")
                        .withNamespace(place.namespace())
                        .endMetadata()
                        .withNewSpec()
                        .withPriorityClassName(name)
                        .withNodeSelector(Map.of("kubernetes.io/hostname", place.namespace()))
                        .withTerminationGracePeriodSeconds(0L)
                        .addNewContainer()
                        .withName("c")
                        .withImage("i")
                        .withNewResources()
                        .addToLimits("nvidia.com/gpu", new Quantity("8"))
                        .endResources()
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }
}
