package dev.modelfamily.e2e.node;

import static dev.modelfamily.e2e.node.Commands.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.FamilyWaits;
import dev.modelfamily.e2e.cluster.Folders;
import dev.modelfamily.e2e.cluster.User;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The chart, installed by Helm on a real node, and the namespace of the examples with its volume; used with kubectl. */
final class Installation implements FamilyWaits, AutoCloseable {
    static final String SYSTEM = "modelfamily-system";
    static final String NAMESPACE = "quickstart";
    static final User OPERATOR = User.of("system:serviceaccount:" + SYSTEM + ":modelfamily-operator");

    private static final Path EXAMPLE = ROOT.resolve("examples/cluster-quickstart");
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    /** What pods run as. */
    private static final String EVERYBODY = "rwxrwxrwx";

    private final ControlPlane cluster;
    private final RealNode node;
    private final Path records;

    private Installation(ControlPlane cluster, RealNode node) {
        this.cluster = cluster;
        this.node = node;
        records = Path.of("target", "node").toAbsolutePath();
    }

    /** Builds the images, joins this machine as a node and installs the chart with its defaults. */
    static Installation create() {
        List<Path> images = Images.build();
        ControlPlane cluster = ControlPlane.start(RealNode.SETTINGS);
        try {
            Installation made = new Installation(cluster, RealNode.join(cluster, images));
            try {
                made.installChart();
                made.createPlace();
                return made;
            } catch (RuntimeException | Error e) {
                made.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    ControlPlane cluster() {
        return cluster;
    }

    KubernetesClient client() {
        return cluster.client();
    }

    /** Runs kubectl in the namespace of the examples; fails where it does. */
    String kubectl(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--namespace", NAMESPACE));
        all.addAll(List.of(arguments));
        var result = cluster.kubectl().run(all.toArray(String[]::new));
        assertThat(result.exitCode())
                .as("kubectl %s: %s", String.join(" ", arguments), result.output())
                .isZero();
        return result.output();
    }

    /** Applies the family of the examples under another name, with so many tokens for its three members. */
    void apply(String name, String large, String medium, String small) {
        try {
            String text =
                    Files.readString(EXAMPLE.resolve("family.yaml")).replace("  name: quickstart", "  name: " + name);
            for (String tokens : List.of(large, medium, small)) {
                text = text.replaceFirst("tokens: 120k", "tokens: " + tokens);
            }
            kubectl(
                    "apply",
                    "-f",
                    Files.writeString(records.resolve(name + ".yaml"), text).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps what a user sees of the families at this point. */
    void record(String when) {
        write(when + "-get.txt", kubectl("get", "mf", "--output=wide"));
        write(when + "-describe.txt", kubectl("describe", "mf", "quickstart"));
    }

    @Override
    public Optional<ModelFamilyStatus> status(String family) {
        return Optional.ofNullable(client().resources(ModelFamily.class)
                        .inNamespace(NAMESPACE)
                        .withName(family)
                        .get())
                .map(ModelFamily::getStatus);
    }

    @Override
    public Duration patience() {
        return PATIENCE;
    }

    /** The pod of the present attempt at a member. */
    Pod pod(String family, String member) {
        List<Pod> pods = client().pods()
                .inNamespace(NAMESPACE)
                .withLabel("modelfamily.dev/family", family)
                .withLabel("modelfamily.dev/member", member)
                .list()
                .getItems();
        return pods.stream()
                .max((one, other) -> one.getMetadata()
                        .getCreationTimestamp()
                        .compareTo(other.getMetadata().getCreationTimestamp()))
                .orElseThrow(() -> new AssertionError("no pod of member " + member + " of " + family));
    }

    /** The folder of this machine that is the volume. */
    Path volume() {
        return cluster.folder(claim());
    }

    @Override
    public void close() {
        try (cluster) {
            // Pods end by the API, while there is a kubelet to end them.
            client().namespaces().withName(NAMESPACE).delete();
            client().namespaces().withName(SYSTEM).delete();
            await("the namespaces are gone")
                    .atMost(Duration.ofMinutes(5))
                    .until(() -> Stream.of(NAMESPACE, SYSTEM)
                            .allMatch(
                                    name -> client().namespaces().withName(name).get() == null));
        } finally {
            node.close();
        }
    }

    private void installChart() {
        kubectl("create", "namespace", SYSTEM);
        kubectl("label", "namespace", SYSTEM, "pod-security.kubernetes.io/enforce=restricted");
        Commands.run(
                records.resolve("helm.log"),
                List.of(
                        ROOT.resolve("charts/helm").toString(),
                        "upgrade",
                        "--install",
                        "modelfamily",
                        ROOT.resolve("charts/modelfamily-operator").toString(),
                        "--kubeconfig=" + cluster.kubeconfig(User.ADMIN),
                        "--namespace=" + SYSTEM,
                        "--wait",
                        "--timeout=15m"));
    }

    private void createPlace() {
        kubectl("apply", "-f", EXAMPLE.resolve("namespace.yaml").toString());
        kubectl("apply", "-f", EXAMPLE.resolve("storage.yaml").toString());
        await("the claim is bound")
                .atMost(PATIENCE)
                .until(() -> "Bound".equals(claim().getStatus().getPhase()));
        try {
            // Of a driver's volume the kubelet gives the group to the pod; of a folder it does not.
            Files.setPosixFilePermissions(volume(), PosixFilePermissions.fromString(EVERYBODY));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Folders.copy(ROOT.resolve("examples/quickstart"), volume().resolve("files"));
    }

    private PersistentVolumeClaim claim() {
        return client().persistentVolumeClaims()
                .inNamespace(NAMESPACE)
                .withName("models")
                .get();
    }

    private void write(String file, String text) {
        try {
            Files.createDirectories(records);
            Files.writeString(records.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
