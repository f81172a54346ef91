package dev.modelfamily.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.e2e.cluster.Behaviour;
import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.Settings;
import dev.modelfamily.e2e.cluster.TestKubelet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a family stands on goes away: its node, its namespace. On a control plane that notices a lost node in seconds, and that
 * lets nobody block the deletion of an owner without the right to it, as some distributions do; the operator serves all namespaces.
 */
@Tag("cluster")
class OutageTest {
    private static ControlPlane cluster;

    @BeforeAll
    static void start() {
        cluster = ControlPlane.start(Settings.DEFAULT
                .withControllerManager("--node-monitor-grace-period=6s", "--node-monitor-period=1s")
                .withApiServer(
                        "--enable-admission-plugins=OwnerReferencesPermissionEnforcement",
                        "--default-not-ready-toleration-seconds=1",
                        "--default-unreachable-toleration-seconds=1"));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void aStageWhoseNodeIsGoneRunsOnAnotherAndCountsAsNoFailure() {
        try (Place place = Place.everywhere(cluster, "node");
                TestKubelet _ = TestKubelet.join(cluster, place.namespace() + "-2", place.trainer())) {
            place.trainer().play("large", message -> Behaviour.hangs());
            place.apply("tiny", "");
            place.awaitMember("tiny", "large", member -> member.state() == MemberState.Running);

            place.node().crash();
            await("the pod is told to go")
                    .atMost(Place.PATIENCE)
                    .until(() -> place.pod("large").getMetadata().getDeletionTimestamp() != null);
            MemberStatus meanwhile =
                    place.family("tiny").getStatus().member("large").orElseThrow();
            place.trainer().playWell("large");
            place.patch("tiny", """
                    {'spec': {'trainer': {'nodeSelector': {'kubernetes.io/hostname': '%s'}}}}""".formatted(place.namespace() + "-2"));
            place.client().nodes().withName(place.namespace()).delete();
            ModelFamilyStatus status = place.awaitPhase("tiny", "Succeeded");

            assertThat(meanwhile).returns(1, MemberStatus::attempt);
            assertThat(status.member("large").orElseThrow())
                    .returns(2, MemberStatus::attempt)
                    .returns(1, MemberStatus::disruptions)
                    .returns(0, MemberStatus::failures);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Retain", "Delete"})
    void aNamespaceThatIsDeletedInMidRunGoesWithAllThatIsInIt(String onDelete) {
        try (Place place = Place.everywhere(cluster, "namespace")) {
            String other = place.namespace() + "-other";
            KubernetesClient client = place.client();
            place.trainer().play("large", message -> Behaviour.hangs());
            place.applyTo(other, "tiny", "retention: {onDelete: " + onDelete + "}");
            await("its first stage runs").atMost(Place.PATIENCE).until(() -> {
                ModelFamilyStatus status =
                        place.families(other).withName("tiny").get().getStatus();
                return status != null
                        && status.member("large")
                                .filter(large -> large.state() == MemberState.Running)
                                .isPresent();
            });

            client.namespaces().withName(other).delete();

            await("the namespace is gone")
                    .atMost(Place.PATIENCE)
                    .until(() -> client.namespaces().withName(other).get() == null);
            assertThat(client.batch().v1().jobs().inAnyNamespace().list().getItems())
                    .extracting(Job::getMetadata)
                    .noneMatch(job -> job.getNamespace().equals(other));
            place.trainer().playWell("large");
            place.apply("after", "");
            place.awaitPhase("after", "Succeeded");
        }
    }
}
