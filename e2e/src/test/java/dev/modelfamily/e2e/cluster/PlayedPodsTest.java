package dev.modelfamily.e2e.cluster;

import static dev.modelfamily.e2e.cluster.Workload.inPhase;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelfamily.e2e.cluster.Behaviour.Step;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Pods that only play: the control plane cannot tell, and does with their Jobs what it does with real ones. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
@Execution(ExecutionMode.CONCURRENT)
class PlayedPodsTest {
    private static final Duration AT_ONCE = Duration.ZERO;

    @Test
    void aJobWhosePodEndsWellIsComplete(ControlPlane cluster) {
        Workload workload = new Workload(cluster, "played");
        try (TestKubelet _ = TestKubelet.join(
                cluster, "well", _ -> Behaviour.succeeds(Duration.ofMillis(200), "{\"digest\":\"abc\"}"))) {
            Job job = workload.create("stage", "well");

            assertThat(workload.end(job).getType()).isEqualTo("Complete");
            assertThat(ending(workload.pod(job, inPhase("Succeeded"))))
                    .returns(0, ContainerStateTerminated::getExitCode)
                    .returns("Completed", ContainerStateTerminated::getReason)
                    .returns("{\"digest\":\"abc\"}", ContainerStateTerminated::getMessage);
        }
    }

    @Test
    void anExitCodeThatThePolicyNamesFailsTheJobAtOnce(ControlPlane cluster) {
        Workload workload = new Workload(cluster, "played");
        try (TestKubelet _ =
                TestKubelet.join(cluster, "bad-data", _ -> Behaviour.fails(AT_ONCE, 65, "the checkpoint is damaged"))) {
            Job job = workload.create("stage", "bad-data");

            assertThat(workload.end(job))
                    .returns("Failed", one -> one.getType())
                    .returns("PodFailurePolicy", one -> one.getReason());
            assertThat(workload.pods(job)).hasSize(1);
        }
    }

    @Test
    void anotherExitCodeIsTriedAgainUpToTheLimit(ControlPlane cluster) {
        Workload workload = new Workload(cluster, "played");
        try (TestKubelet _ = TestKubelet.join(cluster, "unlucky", _ -> Behaviour.fails(AT_ONCE, 75, ""))) {
            Job job = workload.create("stage", "unlucky");

            assertThat(workload.end(job))
                    .returns("Failed", one -> one.getType())
                    .returns("BackoffLimitExceeded", one -> one.getReason());
            assertThat(workload.pods(job)).hasSize(2);
        }
    }

    @Test
    void anEvictedPodIsReplacedWithoutBeingCounted(ControlPlane cluster) {
        Workload workload = new Workload(cluster, "played");
        Deque<Behaviour> plays = new ConcurrentLinkedDeque<>(List.of(
                Behaviour.play(new Step.Runs(AT_ONCE), new Step.IsEvicted("The node was low on resource: memory.")),
                Behaviour.play(new Step.Runs(AT_ONCE), new Step.IsEvicted("The node was low on resource: memory.")),
                Behaviour.succeeds(AT_ONCE, "")));
        try (TestKubelet _ = TestKubelet.join(cluster, "crowded", _ -> plays.remove())) {
            Job job = workload.create("stage", "crowded");

            assertThat(workload.end(job).getType()).isEqualTo("Complete");
            assertThat(workload.pod(job, inPhase("Failed")).getStatus().getReason())
                    .isEqualTo("Evicted");
        }
    }

    @Test
    void aPodThatRunsOutOfMemorySaysSo(ControlPlane cluster) {
        Workload workload = new Workload(cluster, "played");
        Behaviour play = Behaviour.play(new Step.Runs(AT_ONCE), new Step.RunsOutOfMemory());
        try (TestKubelet _ = TestKubelet.join(cluster, "small", _ -> play)) {
            Job job = workload.create("stage", "small");

            assertThat(ending(workload.pod(job, inPhase("Failed"))))
                    .returns(137, ContainerStateTerminated::getExitCode)
                    .returns("OOMKilled", ContainerStateTerminated::getReason);
        }
    }

    @Test
    void aPodWhoseImageIsMissingWaitsUntilItIsDeleted(ControlPlane cluster) {
        Workload workload = new Workload(cluster, "played");
        Behaviour play = Behaviour.play(new Step.NeverStarts("ImagePullBackOff", "Back-off pulling image"));
        try (TestKubelet _ = TestKubelet.join(cluster, "offline", _ -> play)) {
            Job job = workload.create("stage", "offline");
            Pod pod = workload.pod(job, one -> reasonForWaiting(one).equals("ImagePullBackOff"));

            workload.client().resource(job).delete();

            await().atMost(Workload.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(workload.client().resource(pod).get()).isNull());
        }
    }

    @Test
    void aHangingPodEndsWithTheCodeOfItsSignalWhenItIsDeleted(ControlPlane cluster) {
        Workload workload = new Workload(cluster, "played");
        try (TestKubelet _ = TestKubelet.join(cluster, "slow", _ -> Behaviour.hangs())) {
            Job job = workload.create("stage", "slow");
            Pod pod = workload.pod(job, inPhase("Running"));
            workload.patch(pod, "{'metadata': {'finalizers': ['modelfamily.dev/look']}}");

            workload.client().resource(pod).delete();

            Pod ended = workload.pod(
                    job,
                    one -> one.getMetadata().getUid().equals(pod.getMetadata().getUid())
                            && inPhase("Failed").test(one));
            assertThat(ending(ended).getExitCode()).isEqualTo(143);
            workload.patch(pod, "{'metadata': {'$deleteFromPrimitiveList/finalizers': ['modelfamily.dev/look']}}");
        }
    }

    @Test
    void anEvictionThroughTheApiIsADisruption(ControlPlane cluster) {
        Workload workload = new Workload(cluster, "played");
        Deque<Behaviour> plays =
                new ConcurrentLinkedDeque<>(List.of(Behaviour.hangs(), Behaviour.succeeds(AT_ONCE, "")));
        try (TestKubelet _ = TestKubelet.join(cluster, "drained", _ -> plays.remove())) {
            Job job = workload.create("stage", "drained");
            Pod pod = workload.pod(job, inPhase("Running"));

            workload.client()
                    .pods()
                    .inNamespace(workload.namespace())
                    .withName(pod.getMetadata().getName())
                    .evict();

            assertThat(workload.end(job).getType()).isEqualTo("Complete");
            assertThat(workload.client().resource(job).get().getStatus().getFailed())
                    .isNull();
        }
    }

    @Test
    void aSecondPodWaitsUntilTheGpusAreFree(ControlPlane cluster) {
        Workload workload = new Workload(cluster, "played");
        CompletableFuture<Void> done = new CompletableFuture<>();
        Behaviour play = Behaviour.play(new Step.RunsUntil(done), new Step.Exits(0, ""));
        try (TestKubelet _ = TestKubelet.join(cluster, "shared", Map.of("nvidia.com/gpu", "2"), _ -> play)) {
            String two = "resources: {limits: {nvidia.com/gpu: 2}}";
            Job first = workload.create("first", "shared", two, "");
            workload.pod(first, inPhase("Running"));
            Job second = workload.create("second", "shared", two, "");
            Pod waiting = workload.pod(
                    second, one -> "False".equals(Workload.conditions(one).get("PodScheduled")));

            done.complete(null);

            assertThat(waiting.getSpec().getNodeName()).isNull();
            assertThat(workload.end(second).getType()).isEqualTo("Complete");
        }
    }

    private static ContainerStateTerminated ending(Pod pod) {
        return pod.getStatus().getContainerStatuses().get(0).getState().getTerminated();
    }

    private static String reasonForWaiting(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .map(one -> one.getState().getWaiting())
                .filter(waiting -> waiting != null)
                .map(waiting -> waiting.getReason())
                .findAny()
                .orElse("");
    }
}
