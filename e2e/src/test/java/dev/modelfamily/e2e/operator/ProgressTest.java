package dev.modelfamily.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Progress;
import dev.modelfamily.e2e.cluster.Behaviour;
import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.SharedCluster;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Reports of running stages, over TLS, with tokens that the API server made. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class ProgressTest {
    @Test
    void onlyThePodOfAStageMayReportItsProgressAndTheStatusShowsIt(ControlPlane cluster) throws Exception {
        Certificate certificate = Certificate.create(cluster.folder().resolve("tls"));
        try (Place place = Place.withTls(cluster, "progress", certificate);
                HttpClient http = HttpClient.newBuilder()
                        .sslContext(certificate.trusting())
                        .build()) {
            place.trainer().play("large", message -> Behaviour.hangs());
            place.apply("tiny", "");
            place.awaitMember("tiny", "large", member -> member.state() == MemberState.Running);
            Pod pod = place.pod("large");
            Pod stranger = stranger(place);
            String audience = "modelfamily.dev/progress/"
                    + place.family("tiny").getMetadata().getUid();
            String url = variable(pod, "MODELFAMILY_PROGRESS_URL");
            assertThat(url).startsWith("https://").endsWith("/v1/progress/" + place.namespace() + "/tiny");

            assertThat(post(http, url, "")).isEqualTo(401);
            assertThat(post(http, url, "nonsense")).isEqualTo(403);
            assertThat(post(http, url, token(place, pod, "another"))).isEqualTo(403);
            assertThat(post(http, url, token(place, stranger, audience))).isEqualTo(403);
            assertThat(post(http, url.replace("/tiny", "/nobody"), token(place, pod, audience)))
                    .isEqualTo(401);
            assertThat(post(http, url, token(place, pod, audience))).isEqualTo(204);
            assertThat(post(http, url, token(place, pod, audience))).isEqualTo(429);

            await().atMost(Place.PATIENCE).pollInterval(Duration.ofSeconds(3)).until(() -> {
                post(http, url, token(place, pod, audience));
                return place.family("tiny")
                        .getStatus()
                        .member("large")
                        .flatMap(MemberStatus::optionalProgress)
                        .filter(progress -> progress.percent() == 40 && progress.tokens() == 40_000)
                        .isPresent();
            });
            assertThat(place.operator().metrics())
                    .contains("modelfamily_member_progress_ratio{namespace=\"" + place.namespace()
                            + "\",family=\"tiny\",member=\"large\"} 0.4");
        }
    }

    /** A pod that is none of the family's. */
    private static Pod stranger(Place place) {
        return place.client()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName("stranger")
                        .withNamespace(place.namespace())
                        .endMetadata()
                        .withNewSpec()
                        .withServiceAccountName("default")
                        .addNewContainer()
                        .withName("c")
                        .withImage("i")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }

    private static String token(Place place, Pod pod, String audience) {
        return place.client()
                .serviceAccounts()
                .inNamespace(place.namespace())
                .withName("default")
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withAudiences(audience)
                        .withExpirationSeconds(3600L)
                        .withNewBoundObjectRef()
                        .withApiVersion("v1")
                        .withKind("Pod")
                        .withName(pod.getMetadata().getName())
                        .withUid(pod.getMetadata().getUid())
                        .endBoundObjectRef()
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
    }

    private static int post(HttpClient http, String url, String token) throws IOException, InterruptedException {
        Progress progress = new Progress(1, "k", "large", 1, "recover", 40_000, 100_000, 1000, 2.5, 1e-4, 1, 60);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.line(progress)));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static String variable(Pod pod, String name) {
        return pod.getSpec().getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getName().equals(name))
                .map(EnvVar::getValue)
                .findFirst()
                .orElseThrow();
    }
}
