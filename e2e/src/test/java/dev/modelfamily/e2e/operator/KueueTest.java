package dev.modelfamily.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.e2e.cluster.Behaviour;
import dev.modelfamily.e2e.cluster.Behaviour.Step;
import dev.modelfamily.e2e.cluster.ControlPlane;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Families that name a queue, beside a real Kueue. */
@Tag("cluster")
class KueueTest {
    private static ControlPlane cluster;
    private static Kueue kueue;

    @BeforeAll
    static void start() {
        cluster = ControlPlane.start();
        kueue = Kueue.start(cluster);
    }

    @AfterAll
    static void stop() {
        if (kueue != null) {
            kueue.close();
        }
        cluster.close();
    }

    @Test
    void stagesOfTwoFamiliesTakeTurnsWhereTheQueueHasOneGpu() {
        try (Place place = Place.of(cluster, "turns")) {
            createQueueOfOneGpu(place);
            CompletableFuture<Void> done = new CompletableFuture<>();
            place.trainer()
                    .play("large", message -> Behaviour.play(new Step.RunsUntil(done), new Step.Exits(0, message)));
            place.applyToQueue("first");
            place.awaitMember("first", "large", member -> member.state() == MemberState.Running);

            place.applyToQueue("second");
            place.awaitMember(
                    "second",
                    "large",
                    member -> member.state() == MemberState.Queued
                            && member.reason().equals("InQueue"));
            await("it waits")
                    .during(Duration.ofSeconds(3))
                    .atMost(Place.PATIENCE)
                    .until(() -> large(place, "second").state() == MemberState.Queued);
            done.complete(null);

            assertThat(List.of(place.awaitPhase("first", "Succeeded"), place.awaitPhase("second", "Succeeded")))
                    .flatExtracting(ModelFamilyStatus::members)
                    .allSatisfy(member -> assertThat(member)
                            .returns(1, MemberStatus::attempt)
                            .returns(0, MemberStatus::failures)
                            .returns(0, MemberStatus::disruptions));
        }
    }

    @Test
    void aStageThatKueueTakesTheGpuFromWaitsForItAndCountsAsNoFailure() {
        try (Place place = Place.of(cluster, "drained")) {
            createQueueOfOneGpu(place);
            place.trainer().play("large", message -> Behaviour.hangs());
            place.applyToQueue("tiny");
            place.awaitMember("tiny", "large", member -> member.state() == MemberState.Running);

            setStopPolicy(place, "HoldAndDrain");
            place.awaitMember("tiny", "large", member -> member.state() == MemberState.Queued);
            place.trainer().playWell("large");
            setStopPolicy(place, "None");
            ModelFamilyStatus status = place.awaitPhase("tiny", "Succeeded");

            assertThat(status.member("large").orElseThrow()).returns(0, MemberStatus::failures);
        }
    }

    @Test
    void kueueTakesTheQueuesOfTheExamples() throws IOException {
        String queues = Files.readString(Place.ROOT.resolve("examples/kueue/queues.yaml"))
                .replace("namespace: models", "namespace: " + cluster.newNamespace("examples"));

        List<HasMetadata> taken =
                cluster.client().resourceList(queues).dryRun(true).create();

        assertThat(taken)
                .extracting(HasMetadata::getKind)
                .containsExactly("ResourceFlavor", "ClusterQueue", "LocalQueue");
    }

    /** A queue of the place's own, named {@code gpu} there. */
    private static void createQueueOfOneGpu(Place place) {
        cluster.client().resourceList("""
                apiVersion: kueue.x-k8s.io/v1beta1
                kind: ResourceFlavor
                metadata: {name: NAME}
                ---
                apiVersion: kueue.x-k8s.io/v1beta1
                kind: ClusterQueue
                metadata: {name: NAME}
                spec:
                  namespaceSelector: {}
                  resourceGroups:
                    - coveredResources: [nvidia.com/gpu]
                      flavors:
                        - name: NAME
                          resources: [{name: nvidia.com/gpu, nominalQuota: 1}]
                ---
                apiVersion: kueue.x-k8s.io/v1beta1
                kind: LocalQueue
                metadata: {name: gpu, namespace: NAME}
                spec: {clusterQueue: NAME}
                """.replace("NAME", place.namespace())).create();
    }

    private static void setStopPolicy(Place place, String policy) {
        cluster.client()
                .genericKubernetesResources("kueue.x-k8s.io/v1beta2", "ClusterQueue")
                .withName(place.namespace())
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"stopPolicy\": \"" + policy + "\"}}");
    }

    private static MemberStatus large(Place place, String family) {
        return place.status(family).flatMap(status -> status.member("large")).orElseThrow();
    }
}
