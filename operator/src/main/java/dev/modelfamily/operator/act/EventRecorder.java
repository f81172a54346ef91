package dev.modelfamily.operator.act;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.lifecycle.Action.EmitEvent;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Tells people of transitions by Events of Kubernetes, once each: the name of an Event is made from the transition, so a second
 * one of the same name is refused. An Event that cannot be written is logged and lost; the status says the same.
 */
public final class EventRecorder {
    private static final Logger LOG = Logger.getLogger(EventRecorder.class);
    /** What the API server takes of a note. */
    private static final int MAX_MESSAGE = 1024;

    private final KubernetesClient client;
    private final String instance;

    /**
     * A recorder.
     *
     * @param instance the pod that the operator runs in
     */
    public EventRecorder(KubernetesClient client, String instance) {
        this.client = client;
        this.instance = instance;
    }

    void record(ModelFamily family, EmitEvent event, Instant now) {
        Event built = build(family, event, instance, now);
        LOG.infof(
                "%s/%s: %s %s",
                family.getMetadata().getNamespace(),
                family.getMetadata().getName(),
                built.getReason(),
                built.getMessage());
        try {
            client.resource(built).create();
        } catch (KubernetesClientException e) { // people miss a line; the family goes on
            LOG.debugf("the event %s was not written: %s", built.getReason(), e.getMessage());
        }
    }

    /** The Event of a transition that ended in this version of the family. */
    static Event build(ModelFamily family, EmitEvent event, String instance, Instant now) {
        String about = event.member().isEmpty() ? "" : "member " + event.member() + ": ";
        String message = about + event.message();
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(family.getMetadata().getNamespace())
                .withName(name(family, event))
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(family.getApiVersion())
                .withKind(family.getKind())
                .withNamespace(family.getMetadata().getNamespace())
                .withName(family.getMetadata().getName())
                .withUid(family.getMetadata().getUid())
                .withResourceVersion(family.getMetadata().getResourceVersion())
                .endInvolvedObject()
                .withType(event.severity().name())
                .withReason(event.reason())
                .withMessage(message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE - 1) + "…")
                .withFirstTimestamp(time)
                .withLastTimestamp(time)
                .withCount(1)
                .withNewSource()
                .withComponent(StatusWriter.MANAGER)
                .endSource()
                .withReportingComponent("modelfamily.dev/operator")
                .withReportingInstance(instance)
                .build();
    }

    private static String name(ModelFamily family, EmitEvent event) {
        String transition = String.join(
                "\n",
                family.getMetadata().getUid(),
                family.getMetadata().getResourceVersion(),
                event.member(),
                event.reason(),
                event.message());
        UUID id = UUID.nameUUIDFromBytes(transition.getBytes(StandardCharsets.UTF_8));
        return family.getMetadata().getName() + "."
                + id.toString().replace("-", "").substring(0, 16).toLowerCase(Locale.ROOT);
    }
}
