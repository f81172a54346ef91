package dev.modelfamily.e2e.cluster;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/** Says for a node, again and again, that it lives. */
final class Heartbeat implements AutoCloseable {
    private static final String LEASES = "kube-node-lease";
    private static final Duration BETWEEN = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final String node;
    private final Reports reports;
    private volatile boolean ended;

    Heartbeat(KubernetesClient client, String node, Reports reports) {
        this.client = client;
        this.node = node;
        this.reports = reports;
    }

    /** Makes the node known, ready and with what it can hold, and begins. */
    void begin(Map<String, String> capacity) {
        Node object = new NodeBuilder()
                .withNewMetadata()
                .withName(node)
                .addToLabels("kubernetes.io/hostname", node)
                .addToLabels("kubernetes.io/os", "linux")
                .addToLabels("kubernetes.io/arch", "amd64")
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build();
        client.resource(object).createOr(existing -> existing.update());
        sayReady(capacity);
        Thread.ofVirtual().name("heartbeat of " + node).start(this::beatOn);
    }

    /** Takes the node away, as one does that leaves in good order. */
    void leave() {
        close();
        client.nodes().withName(node).delete();
    }

    /** Says no more. */
    @Override
    public void close() {
        ended = true;
    }

    private void sayReady(Map<String, String> capacity) {
        Map<String, Quantity> quantities = new HashMap<>();
        capacity.forEach((resource, amount) -> quantities.put(resource, new Quantity(amount)));
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        NodeStatus status = new NodeStatusBuilder()
                .withCapacity(quantities)
                .withAllocatable(quantities)
                .withConditions(new NodeConditionBuilder()
                        .withType("Ready")
                        .withStatus("True")
                        .withReason("KubeletReady")
                        .withLastHeartbeatTime(now)
                        .withLastTransitionTime(now)
                        .build())
                .addNewAddress("127.0.0.1", "InternalIP")
                .addNewAddress(node, "Hostname")
                .withNewNodeInfo()
                .withKubeletVersion("v1.34.4")
                .withOperatingSystem("linux")
                .withArchitecture("amd64")
                .endNodeInfo()
                .build();
        client.nodes()
                .withName(node)
                .subresource("status")
                .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), Serialization.asJson(Map.of("status", status)));
    }

    private void beatOn() {
        while (!ended) {
            if (!reports.isSilent()) {
                beat();
            }
            Pause.of(BETWEEN);
        }
    }

    private void beat() {
        try {
            Lease lease = new LeaseBuilder()
                    .withNewMetadata()
                    .withNamespace(LEASES)
                    .withName(node)
                    .endMetadata()
                    .withNewSpec()
                    .withHolderIdentity(node)
                    .withLeaseDurationSeconds(40)
                    .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
                    .endSpec()
                    .build();
            client.resource(lease).createOr(existing -> existing.update());
        } catch (KubernetesClientException _) {
            // The next beat comes in a moment; a control plane that is switched off hears none.
        }
    }
}
