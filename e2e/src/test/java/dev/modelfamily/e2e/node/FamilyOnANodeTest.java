package dev.modelfamily.e2e.node;

import static dev.modelfamily.e2e.node.Installation.NAMESPACE;
import static dev.modelfamily.e2e.node.Installation.OPERATOR;
import static dev.modelfamily.e2e.node.Installation.SYSTEM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageResult;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The two images, the chart and the quickstart on a real node, used as a user does. One story in chapters: a family begins, is
 * suspended while another runs, and goes on to its end.
 */
@Tag("node")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FamilyOnANodeTest {
    private Installation installation;
    private long tokensBeforeSuspension;

    @BeforeAll
    void install() {
        installation = Installation.create();
    }

    @AfterAll
    void uninstall() {
        if (installation != null) {
            installation.close();
        }
    }

    @Test
    @Order(1)
    void theOperatorIsReadyInANamespaceThatEnforcesTheRestrictedStandard() {
        assertThat(installation.kubectl("--namespace", SYSTEM, "get", "deployment", "modelfamily-operator"))
                .contains("1/1");
        assertThat(operatorMetrics()).contains("modelfamily_leader 1.0");
    }

    @Test
    @Order(2)
    void aStageTellsHowFarItIsByItsLogItsMetricsAndItsReports() {
        // The second stage is to be seen at work in the status, which shows progress after half a minute: it lasts on
        // any machine.
        installation.apply("quickstart", "96k", "400k", "24k");
        installation.awaitStatus(
                "quickstart", "a plan", status -> status.optionalPlan().isPresent());
        installation.record("start");

        MemberStatus running =
                installation.awaitMember("quickstart", "large", member -> member.state() == MemberState.Running);
        String pod = installation.pod("quickstart", "large").getMetadata().getName();
        await("the stage's metrics")
                .atMost(installation.patience())
                .untilAsserted(() -> assertThat(installation.kubectl("get", "--raw", path(pod) + ":9464/proxy/metrics"))
                        .contains("modelfamily_trainer_"));
        assertThat(installation.kubectl("logs", pod)).contains("\"key\":\"" + running.key() + "\"");
        // Reports come over TLS with the pod's own token.
        await("an accepted report")
                .atMost(installation.patience())
                .untilAsserted(() -> assertThat(operatorMetrics())
                        .containsPattern("modelfamily_progress_reports_total\\{outcome=\"accepted\"[^}]*} [1-9]"));
        assertThat(operatorMetrics())
                .doesNotContainPattern("modelfamily_progress_reports_total\\{outcome=\"refused\"[^}]*} [1-9]");
    }

    @Test
    @Order(3)
    void theLastWordsOfAStageAreItsResult() throws JsonProcessingException {
        MemberStatus large =
                installation.awaitMember("quickstart", "large", member -> member.state() == MemberState.Succeeded);

        ContainerStateTerminated end = ending(installation.pod("quickstart", "large"));

        assertThat(end.getExitCode()).isZero();
        assertThat(Json.mapper().readValue(end.getMessage(), StageResult.class).digest())
                .isEqualTo(large.optionalResult().orElseThrow().digest());
    }

    @Test
    @Order(4)
    void whileAFamilyIsSuspendedAnotherRuns() {
        tokensBeforeSuspension = installation
                .awaitMember(
                        "quickstart",
                        "medium",
                        member -> member.optionalProgress()
                                .filter(progress -> progress.tokens() > 0)
                                .isPresent())
                .optionalProgress()
                .orElseThrow()
                .tokens();
        installation.record("middle");

        installation.kubectl("patch", "mf", "quickstart", "--type=merge", "--patch={\"spec\": {\"suspend\": true}}");
        installation.awaitPhase("quickstart", "Suspended");
        installation.apply("second", "8k", "8k", "8k");
        installation.awaitPhase("second", "Succeeded");

        ModelFamilyStatus suspended = installation.awaitPhase("quickstart", "Suspended");
        assertThat(suspended.member("large").orElseThrow().state()).isEqualTo(MemberState.Succeeded);
        assertThat(suspended.member("small").orElseThrow().state()).isNotEqualTo(MemberState.Succeeded);
        installation.record("suspended");
    }

    @Test
    @Order(5)
    void aResumedFamilyGoesOnToItsEnd() {
        installation.kubectl("patch", "mf", "quickstart", "--type=merge", "--patch={\"spec\": {\"suspend\": false}}");

        ModelFamilyStatus status = installation.awaitPhase("quickstart", "Succeeded");

        assertThat(status.members()).hasSize(3).allSatisfy(member -> {
            assertThat(member.state()).isEqualTo(MemberState.Succeeded);
            assertThat(member.failures()).isZero();
        });
        assertThat(status.member("large").orElseThrow().attempt()).isEqualTo(1);
        assertThat(status.member("medium").orElseThrow().attempt()).isEqualTo(2);
        String log = installation.kubectl(
                "logs", installation.pod("quickstart", "medium").getMetadata().getName());
        assertThat(firstOfRecovery(log)).as(log).isGreaterThanOrEqualTo(tokensBeforeSuspension);
        assertThat(status.members())
                .allSatisfy(member -> assertThat(folderOf(member))
                        .isDirectoryContaining("glob:**/manifest.json")
                        .isDirectoryContaining("glob:**/config.json"));
        installation.record("end");
    }

    @Test
    @Order(6)
    void theOperatorAskedForNothingThatItsRightsDeny() {
        assertThat(installation.cluster().auditLog().requestsOf(OPERATOR))
                .isNotEmpty()
                .noneMatch(request -> request.code() == 403);
    }

    /** The tokens that recovery began with in a pod, by its log. */
    private static long firstOfRecovery(String log) {
        return log.lines()
                .filter(line -> line.contains("\"phase\":\"recover\""))
                .map(line -> line.replaceFirst(".*\"done\":([0-9]+).*", "$1"))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no recovery in the log:\n" + log));
    }

    private String operatorMetrics() {
        return installation.kubectl(
                "get",
                "--raw",
                "/api/v1/namespaces/" + SYSTEM + "/services/modelfamily-operator:metrics/proxy/q/metrics");
    }

    /** Where a member lies in the folder that is the volume. */
    private Path folderOf(MemberStatus member) {
        String uri = member.optionalResult().orElseThrow().uri();
        return installation.volume().resolve(uri.replaceFirst("^pvc://models/", ""));
    }

    private static String path(String pod) {
        return "/api/v1/namespaces/" + NAMESPACE + "/pods/" + pod;
    }

    private static ContainerStateTerminated ending(Pod pod) {
        return pod.getStatus().getContainerStatuses().getFirst().getState().getTerminated();
    }
}
