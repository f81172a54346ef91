package dev.modelfamily.e2e.cluster;

import static dev.modelfamily.e2e.cluster.Workload.inPhase;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.not;

import dev.modelfamily.e2e.cluster.Behaviour.Step;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("cluster")
@ExtendWith(SharedCluster.class)
class ControlPlaneTest {
    private static final User GUEST = User.of("guest");

    @Test
    void itIsTheKubernetesThatItSaysItIs(ControlPlane cluster) {
        assertThat(cluster.client().getKubernetesVersion().getGitVersion()).isEqualTo("v1.34.4");
        assertThat(cluster.kubectl().run("version").output()).contains("Server Version: v1.34.4");
    }

    @Test
    void aUserMayDoWhatIsGrantedAndNothingElse() {
        try (ControlPlane cluster = ControlPlane.start(Settings.DEFAULT.withUsers(GUEST))) {
            KubernetesClient guest = cluster.client(GUEST);
            assertThatThrownBy(() -> guest.configMaps().inNamespace("default").list())
                    .isInstanceOfSatisfying(
                            KubernetesClientException.class,
                            e -> assertThat(e.getCode()).isEqualTo(403));

            cluster.kubectl().run("create", "rolebinding", "guest", "--clusterrole=view", "--user=guest");

            // The API server learns of a binding from its own watch: a moment later.
            await().atMost(Workload.PATIENCE)
                    .ignoreException(KubernetesClientException.class)
                    .until(
                            () -> guest.configMaps()
                                    .inNamespace("default")
                                    .list()
                                    .getItems(),
                            not(empty()));
            assertThat(cluster.auditLog().requestsOf(GUEST))
                    .extracting(AuditLog.Request::verb, AuditLog.Request::resource, AuditLog.Request::code)
                    .startsWith(tuple("list", "configmaps", 403))
                    .endsWith(tuple("list", "configmaps", 200));
        }
    }

    @Test
    void whatWasStoredIsThereAfterTheApiServerWasSwitchedOff(ControlPlane cluster) {
        String namespace = cluster.newNamespace("restart");
        ConfigMap map = new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("kept")
                .endMetadata()
                .addToData("a", "b")
                .build();
        cluster.client().resource(map).create();

        cluster.programs().apiServer().kill();
        assertThat(cluster.kubectl().run("get", "namespaces").exitCode()).isNotZero();
        cluster.programs().apiServer().start();
        cluster.awaitReady();

        assertThat(cluster.client().resource(map).get().getData()).containsEntry("a", "b");
    }

    @Test
    void whatAPodDoesWhileTheApiServerIsAwayIsReportedLater(ControlPlane cluster) {
        Workload workload = new Workload(cluster, "played");
        CompletableFuture<Void> done = new CompletableFuture<>();
        Behaviour play = Behaviour.play(new Step.RunsUntil(done), new Step.Exits(0, "survived"));
        try (TestKubelet _ = TestKubelet.join(cluster, "patient", _ -> play)) {
            Job job = workload.create("stage", "patient");
            workload.pod(job, inPhase("Running"));

            cluster.programs().apiServer().kill();
            done.complete(null);
            cluster.programs().apiServer().start();
            cluster.awaitReady();

            assertThat(workload.end(job).getType()).isEqualTo("Complete");
        }
    }

    @Test
    void aProgramThatDoesNotComeUpIsNamedWithTheEndOfItsLog() {
        Settings wrong = Settings.DEFAULT.withApiServer("--no-such-flag");

        assertThatThrownBy(() -> ControlPlane.start(wrong).close())
                .hasMessageStartingWith("kube-apiserver has ended; the end of its log")
                .hasMessageContaining("unknown flag: --no-such-flag");
    }
}
