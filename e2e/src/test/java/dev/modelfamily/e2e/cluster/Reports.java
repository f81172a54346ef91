package dev.modelfamily.e2e.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** What a node tells the API server of its pods. While that one does not answer, it is told again and again. */
final class Reports {
    private static final PatchContext MERGE = PatchContext.of(PatchType.STRATEGIC_MERGE);

    private final KubernetesClient client;
    private volatile boolean silent;

    Reports(KubernetesClient client) {
        this.client = client;
    }

    /** Whether to say nothing, as a node does that has lost its network. What is to be said waits. */
    void silence(boolean silence) {
        silent = silence;
    }

    boolean isSilent() {
        return silent;
    }

    /** Writes the status of a pod; nothing happens where this very pod is gone. */
    void status(Pod pod, PodStatus status) {
        String patch = Serialization.asJson(
                Map.of("metadata", Map.of("uid", pod.getMetadata().getUid()), "status", status));
        untilAnswered(() -> resource(pod).subresource("status").patch(MERGE, patch));
    }

    /** Says that nothing of a deleted pod runs any more: the API server may forget it. */
    void gone(Pod pod) {
        untilAnswered(() -> {
            Pod there = resource(pod).get();
            if (there != null
                    && there.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
                resource(pod).withGracePeriod(0).delete();
            }
        });
    }

    private PodResource resource(Pod pod) {
        return client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName());
    }

    private void untilAnswered(Runnable request) {
        BooleanSupplier answered = () -> {
            if (silent) {
                return false;
            }
            try {
                request.run();
                return true;
            } catch (KubernetesClientException e) {
                return isFinal(e.getCode());
            }
        };
        while (!answered.getAsBoolean()) {
            Pause.briefly();
        }
    }

    /** The pod is gone, or another one has its name. */
    private static boolean isFinal(int code) {
        return code == HttpURLConnection.HTTP_NOT_FOUND || code == HttpURLConnection.HTTP_CONFLICT;
    }
}
