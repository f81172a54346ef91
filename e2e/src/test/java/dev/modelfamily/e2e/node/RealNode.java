package dev.modelfamily.e2e.node;

import static dev.modelfamily.e2e.node.Commands.ROOT;
import static org.awaitility.Awaitility.await;

import dev.modelfamily.e2e.cluster.Children;
import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.Settings;
import dev.modelfamily.e2e.cluster.User;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** This machine as a node of a control plane: what the script {@code kube/node} sets up, until it is closed. */
final class RealNode implements AutoCloseable {
    /** What a control plane needs so that pods reach it, and it reaches the kubelet. */
    static final Settings SETTINGS = Settings.DEFAULT
            .withUsers(new User("node", List.of("system:masters")))
            .withApiServer("--advertise-address=10.199.0.1", "--kubelet-preferred-address-types=InternalIP");

    private static final String ADDRESS = "10.199.0.1";
    private static final String NAME = "real";
    private static final Duration START = Duration.ofMinutes(20);

    private final Process process;
    private final Path output;

    private RealNode(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Joins it and waits until it is ready.
     *
     * @param cluster started with {@link #SETTINGS}
     * @param images docker archives
     */
    static RealNode join(ControlPlane cluster, List<Path> images) {
        tellPodsWhereTheApiServerIs(cluster.client());
        Path logs = cluster.folder().resolve("node");
        List<String> command = new ArrayList<>(List.of(
                ROOT.resolve("e2e/kube/node").toString(),
                cluster.kubeconfig(new User("node", List.of())).toString(),
                NAME,
                logs.toString()));
        images.forEach(image -> command.add(image.toString()));
        Path output = cluster.folder().resolve("node.log");
        RealNode node = new RealNode(
                Children.startTidy(
                        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile())),
                output);
        try {
            await("the node is ready; logs in " + logs)
                    .atMost(START)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> node.isReady(cluster.client()));
        } catch (RuntimeException | Error e) {
            node.close();
            throw e;
        }
        return node;
    }

    /** Asks the script to end, which then takes away all that it started and mounted. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                throw new IllegalStateException("the node does not go away; its output is " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the node ended", e);
        }
    }

    private boolean isReady(KubernetesClient client) {
        if (!process.isAlive()) {
            throw new IllegalStateException("the node has ended:\n" + text(output));
        }
        return Optional.ofNullable(client.nodes().withName(NAME).get())
                .filter(node -> node.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True")))
                .isPresent();
    }

    /** The Service {@code kubernetes}: the API server writes its own address there, but not where it is told not to. */
    private static void tellPodsWhereTheApiServerIs(KubernetesClient client) {
        int port = URI.create(client.getConfiguration().getMasterUrl()).getPort();
        client.resource(new EndpointSliceBuilder()
                        .withNewMetadata()
                        .withName("kubernetes")
                        .withNamespace("default")
                        .addToLabels("kubernetes.io/service-name", "kubernetes")
                        .endMetadata()
                        .withAddressType("IPv4")
                        .addNewPort()
                        .withName("https")
                        .withPort(port)
                        .withProtocol("TCP")
                        .endPort()
                        .addNewEndpoint()
                        .withAddresses(ADDRESS)
                        .endEndpoint()
                        .build())
                .create();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
