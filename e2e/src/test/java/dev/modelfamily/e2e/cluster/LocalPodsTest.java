package dev.modelfamily.e2e.cluster;

import static dev.modelfamily.e2e.cluster.Workload.inPhase;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Pods whose container is a process of this machine. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
@Execution(ExecutionMode.CONCURRENT)
class LocalPodsTest {
    private static final Image SHELL = new Image(List.of("/bin/sh", "-euc"), Map.of("FROM", "the image"), Map.of());

    @Test
    void itsArgumentsFollowTheEntrypointAndItsMessageComesBack(ControlPlane cluster) {
        Workload workload = new Workload(cluster, "local");
        try (TestKubelet kubelet = TestKubelet.join(cluster, "speaks", _ -> new Behaviour.Local(SHELL))) {
            Job job = workload.create("stage", "speaks", """
                    env: [{name: WHO, valueFrom: {fieldRef: {fieldPath: metadata.name}}}, {name: A, value: x$(WHO)}],
                    args: ['echo out of $FROM; echo -n $A > /dev/termination-log']
                    """, "");

            assertThat(workload.end(job).getType()).isEqualTo("Complete");
            Pod pod = workload.pod(job, inPhase("Succeeded"));
            assertThat(ending(pod).getMessage())
                    .isEqualTo("x" + pod.getMetadata().getName());
            assertThat(kubelet.log(pod)).isEqualTo("out of the image\n");
        }
    }

    @Test
    void itsExitCodeIsTheContainersAndItsWritesOutsideOfVolumesAreLost(ControlPlane cluster) {
        Workload workload = new Workload(cluster, "local");
        try (TestKubelet _ = TestKubelet.join(cluster, "fails", _ -> new Behaviour.Local(SHELL))) {
            Job job =
                    workload.create("stage", "fails", "args: ['echo x > /lost-file; test -f /lost-file; exit 65']", "");

            assertThat(workload.end(job).getReason()).isEqualTo("PodFailurePolicy");
            assertThat(ending(workload.pod(job, inPhase("Failed"))).getExitCode())
                    .isEqualTo(65);
            assertThat(Path.of("/lost-file")).doesNotExist();
        }
    }

    @Test
    void whatOnePodWritesIntoAClaimAnotherReads(ControlPlane cluster) {
        Workload workload = new Workload(cluster, "local");
        PersistentVolumeClaim claim = claim(workload);
        String mount = "volumeMounts: [{name: models, mountPath: /var/run/models, subPath: a}], args: ";
        String volumes = "volumes: [{name: models, persistentVolumeClaim: {claimName: models}}]";
        try (TestKubelet _ = TestKubelet.join(cluster, "stores", _ -> new Behaviour.Local(SHELL))) {
            Job first =
                    workload.create("first", "stores", mount + "['echo member > /var/run/models/weights']", volumes);
            assertThat(workload.end(first).getType()).isEqualTo("Complete");

            Job second = workload.create(
                    "second", "stores", mount + "['cat /var/run/models/weights > /dev/termination-log']", volumes);

            assertThat(workload.end(second).getType()).isEqualTo("Complete");
            assertThat(ending(workload.pod(second, inPhase("Succeeded"))).getMessage())
                    .isEqualTo("member\n");
            assertThat(cluster.folder(claim).resolve("a").resolve("weights")).hasContent("member");
        }
    }

    @Test
    void itSeesTheFilesOfItsImageWhateverItMounts(ControlPlane cluster, @TempDir Path folder) throws IOException {
        Workload workload = new Workload(cluster, "local");
        Files.writeString(folder.resolve("program"), "from the image");
        Image image = new Image(SHELL.entrypoint(), Map.of(), Map.of("/opt/trainer", folder));
        try (TestKubelet _ = TestKubelet.join(cluster, "layers", _ -> new Behaviour.Local(image))) {
            Job job = workload.create(
                    "stage",
                    "layers",
                    "volumeMounts: [{name: tmp, mountPath: /tmp}, {name: secret, mountPath: /var/run/secrets/hub}],"
                            + " args: ['ls /tmp /var/run/secrets/hub; cat /opt/trainer/program > /dev/termination-log']",
                    "volumes: [{name: tmp, emptyDir: {}}, {name: secret, secret: {secretName: hub, optional: true}}]");

            assertThat(workload.end(job).getType()).isEqualTo("Complete");
            assertThat(ending(workload.pod(job, inPhase("Succeeded"))).getMessage())
                    .isEqualTo("from the image");
        }
    }

    @Test
    void aPodWhoseClaimIsMissingStartsOnceItIsThere(ControlPlane cluster) {
        Workload workload = new Workload(cluster, "local");
        try (TestKubelet _ = TestKubelet.join(cluster, "waits", _ -> new Behaviour.Local(SHELL))) {
            Job job = workload.create(
                    "stage",
                    "waits",
                    "volumeMounts: [{name: models, mountPath: /models}], args: ['test -d /models']",
                    "volumes: [{name: models, persistentVolumeClaim: {claimName: models}}]");
            workload.pod(job, one -> "False".equals(Workload.conditions(one).get("PodScheduled")));

            claim(workload);

            assertThat(workload.end(job).getType()).isEqualTo("Complete");
        }
    }

    @Test
    void aTokenForAnAudienceNamesThePodThatItWasMadeFor(ControlPlane cluster) {
        Workload workload = new Workload(cluster, "local");
        try (TestKubelet _ = TestKubelet.join(cluster, "proves", _ -> new Behaviour.Local(SHELL))) {
            Job job = workload.create(
                    "stage",
                    "proves",
                    "volumeMounts: [{name: token, mountPath: /var/run/secrets/progress}],"
                            + " args: ['cat /var/run/secrets/progress/token > /dev/termination-log']",
                    "volumes: [{name: token, projected: {sources: [{serviceAccountToken:"
                            + " {path: token, audience: family-x, expirationSeconds: 3600}}]}}]");
            workload.end(job);
            Pod pod = workload.pod(job, inPhase("Succeeded"));

            TokenReview review = workload.client()
                    .resource(new TokenReviewBuilder()
                            .withNewSpec()
                            .withToken(ending(pod).getMessage())
                            .withAudiences("family-x")
                            .endSpec()
                            .build())
                    .create();

            assertThat(review.getStatus().getAuthenticated()).isTrue();
            assertThat(review.getStatus().getUser().getExtra())
                    .containsEntry(
                            "authentication.kubernetes.io/pod-name",
                            List.of(pod.getMetadata().getName()));
        }
    }

    @Test
    void aDeletedPodGetsItsSignalAndTheTimeToEnd(ControlPlane cluster) {
        Workload workload = new Workload(cluster, "local");
        claim(workload);
        try (TestKubelet kubelet = TestKubelet.join(cluster, "stops", _ -> new Behaviour.Local(SHELL))) {
            Job job = workload.create(
                    "stage",
                    "stops",
                    "volumeMounts: [{name: models, mountPath: /models}],"
                            + " args: [\"trap 'echo saved > /models/checkpoint; exit 143' TERM; echo ready;"
                            + " while true; do sleep 0.1; done\"]",
                    "volumes: [{name: models, persistentVolumeClaim: {claimName: models}}]");
            Pod pod = workload.pod(job, inPhase("Running"));
            await().atMost(Workload.PATIENCE).until(() -> kubelet.log(pod).contains("ready"));

            workload.client().resource(job).delete();

            await().atMost(Workload.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(workload.client().resource(pod).get()).isNull());
            PersistentVolumeClaim claim = workload.client()
                    .persistentVolumeClaims()
                    .inNamespace(workload.namespace())
                    .withName("models")
                    .get();
            assertThat(cluster.folder(claim).resolve("checkpoint")).hasContent("saved");
        }
    }

    private static PersistentVolumeClaim claim(Workload workload) {
        PersistentVolumeClaim claim =
                Serialization.unmarshal("""
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: models, namespace: %s}
                spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}
                """.formatted(workload.namespace()), PersistentVolumeClaim.class);
        return workload.client().resource(claim).create();
    }

    private static ContainerStateTerminated ending(Pod pod) {
        return pod.getStatus().getContainerStatuses().get(0).getState().getTerminated();
    }
}
