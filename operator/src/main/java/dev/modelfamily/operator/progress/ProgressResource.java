package dev.modelfamily.operator.progress;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Progress;
import dev.modelfamily.operator.Caches;
import dev.modelfamily.operator.Leadership;
import dev.modelfamily.operator.pod.Labels;
import dev.modelfamily.operator.pod.Template;
import dev.modelfamily.operator.progress.TokenOwners.Owner;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Takes reports of running stages: {@code POST /v1/progress/NAMESPACE/FAMILY} with a pod's own token. */
@Path("/v1/progress/{namespace}/{family}")
public class ProgressResource {
    /** A pod reports every five seconds; what comes much faster is not looked at. */
    private static final Duration SHORTEST = Duration.ofSeconds(2);

    private static final String BEARER = "Bearer ";
    private static final int TOO_MANY = 429;

    private final Caches caches;
    private final TokenOwners owners;
    private final ProgressBoard board;
    private final Leadership leadership;
    private final Counter accepted;
    private final Counter limited;
    private final Counter refused;

    ProgressResource(
            Caches caches, TokenOwners owners, ProgressBoard board, Leadership leadership, MeterRegistry registry) {
        this.caches = caches;
        this.owners = owners;
        this.board = board;
        this.leadership = leadership;
        this.accepted = counter(registry, "accepted");
        this.limited = counter(registry, "limited");
        this.refused = counter(registry, "refused");
    }

    /** Takes one report. */
    @POST
    @Blocking
    @Consumes(MediaType.APPLICATION_JSON)
    public Response report(
            @PathParam("namespace") String namespace,
            @PathParam("family") String name,
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            byte[] body) {
        if (!leadership.isLeading()) {
            // A new connection may reach the replica that works.
            return Response.status(Response.Status.SERVICE_UNAVAILABLE)
                    .header("Connection", "close")
                    .build();
        }
        ResourceID id = new ResourceID(name, namespace);
        Optional<ModelFamily> family = caches.family(id);
        if (family.isEmpty() || authorization == null || !authorization.startsWith(BEARER)) {
            return refuse(Response.Status.UNAUTHORIZED);
        }
        try {
            String audience = Template.audience(family.get().getMetadata().getUid());
            return owners.of(authorization.substring(BEARER.length()), audience)
                    .flatMap(owner -> job(owner, family.get()))
                    .map(job -> take(id, job, body))
                    .orElseGet(() -> refuse(Response.Status.FORBIDDEN));
        } catch (TokenOwners.BusyException | KubernetesClientException e) {
            limited.increment();
            return Response.status(TOO_MANY).build();
        }
    }

    /** The UID of the Job that a pod belongs to, where it is a pod of this family that exists. */
    private Optional<String> job(Owner owner, ModelFamily family) {
        return caches.pod(new ResourceID(owner.pod(), owner.namespace()))
                .filter(pod -> isOf(pod, owner, family))
                .flatMap(pod -> pod.getMetadata().getOwnerReferences().stream()
                        .filter(reference -> "Job".equals(reference.getKind()))
                        .map(OwnerReference::getUid)
                        .findFirst());
    }

    private static boolean isOf(Pod pod, Owner owner, ModelFamily family) {
        return pod.getMetadata().getUid().equals(owner.podUid())
                && owner.namespace().equals(family.getMetadata().getNamespace())
                && Labels.label(pod, Labels.FAMILY_UID)
                        .equals(family.getMetadata().getUid());
    }

    private Response take(ResourceID family, String job, byte[] body) {
        Instant now = Instant.now();
        if (board.of(job).filter(last -> now.isBefore(last.at().plus(SHORTEST))).isPresent()) {
            limited.increment();
            return Response.status(TOO_MANY).build();
        }
        try {
            board.put(family, job, Json.mapper().readValue(body, Progress.class), now);
            accepted.increment();
            return Response.noContent().build();
        } catch (IOException e) {
            return refuse(Response.Status.BAD_REQUEST);
        }
    }

    private Response refuse(Response.Status status) {
        refused.increment();
        return Response.status(status).build();
    }

    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("modelfamily.progress.reports")
                .description("Reports of running stages")
                .tag("outcome", outcome)
                .register(registry);
    }
}
