package dev.modelfamily.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.e2e.cluster.ApiFault;
import dev.modelfamily.e2e.cluster.ApiProxy;
import dev.modelfamily.e2e.cluster.Behaviour;
import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.SharedCluster;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the chart lets the operator do, beside what it does in a life in which all happens that can. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class RightsTest {
    /** The framework starts no election without it, though it patches the lease. */
    private static final String DEMANDED = "coordination.k8s.io leases update";

    @Test
    void theChartGrantsWhatTheOperatorUsesAndNothingElse(ControlPlane cluster) throws Exception {
        try (Place place = Place.empty(cluster, "rights");
                ApiProxy proxy = cluster.proxy()) {
            place.createClaim();
            place.startOperatorBehind(
                    proxy, Map.of("MODELFAMILY_LEADER_ELECTION_ENABLED", "true", "POD_NAMESPACE", place.namespace()));
            editDuringTheNextStatusWrite(place, proxy);
            place.trainer().play("large", message -> Behaviour.hangs());
            place.apply("tiny", "retention: {onDelete: Delete}");
            place.awaitMember("tiny", "large", member -> member.state() == MemberState.Running);
            report(place);
            place.client().resource(place.jobs().get("large").getFirst()).delete();
            place.awaitMember(
                    "tiny", "large", member -> member.attempt() == 2 && member.state() == MemberState.Running);
            place.patch("tiny", "{'spec': {'suspend': true}}");
            place.awaitPhase("tiny", "Suspended");
            place.families().withName("tiny").delete();
            await().atMost(Place.PATIENCE).until(() -> place.family("tiny") == null);

            place.operator().kill(); // a watch is in the log once it has ended

            await().atMost(Place.PATIENCE)
                    .untilAsserted(() -> assertThat(used(place)).isEqualTo(granted()));
        }
    }

    private static void editDuringTheNextStatusWrite(Place place, ApiProxy proxy) {
        AtomicBoolean edited = new AtomicBoolean();
        proxy.rule(call -> {
            if (call.isMutating() && call.path().contains("/status") && edited.compareAndSet(false, true)) {
                place.patch("tiny", "{'spec': {'retry': {'maxFailures': 2}}}");
            }
            return new ApiFault.None();
        });
    }

    /** A report of progress with a token that is none: the API server is asked. */
    private static void report(Place place) throws IOException, InterruptedException {
        String url = place.pod("large").getSpec().getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getName().equals("MODELFAMILY_PROGRESS_URL"))
                .findFirst()
                .orElseThrow()
                .getValue();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<Void> answer = http.send(
                    HttpRequest.newBuilder(URI.create(url))
                            .header("Content-Type", "application/json")
                            .header("Authorization", "Bearer nonsense")
                            .POST(HttpRequest.BodyPublishers.ofString("{}"))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            assertThat(answer.statusCode()).isEqualTo(403);
        }
    }

    /** But for what every user may do, such as asking for its own rights. */
    private static Set<String> used(Place place) {
        Set<String> used = new TreeSet<>(Set.of(DEMANDED));
        place.requests().stream()
                .filter(request -> !request.resource().isEmpty())
                .filter(request -> !request.group().equals("authorization.k8s.io"))
                .forEach(request -> used.add(request.group() + " " + request.resource() + " " + request.verb()));
        return used;
    }

    private static Set<String> granted() {
        Set<String> granted = new TreeSet<>();
        for (PolicyRule rule : Rights.all(Place.ROOT)) {
            for (String group : rule.getApiGroups()) {
                for (String resource : rule.getResources()) {
                    rule.getVerbs().forEach(verb -> granted.add(group + " " + resource + " " + verb));
                }
            }
        }
        return granted;
    }
}
