package dev.modelfamily.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelfamily.e2e.cluster.Built;
import dev.modelfamily.e2e.cluster.Children;
import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.Ports;
import dev.modelfamily.e2e.cluster.User;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceConversionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Kueue's own manager as a process of this machine, with its definitions and its webhooks for Jobs in a control plane. */
final class Kueue implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);
    private static final String NAMESPACE = "kueue-system";
    /** The one folder that it wants certificates of its metrics in; only this process sees it. */
    private static final String WITH_CERTIFICATES =
            "mount -t tmpfs tmpfs /etc && mkdir -p /etc/kueue/metrics/certs && cp \"$0\"/tls.* /etc/kueue/metrics/certs && exec \"$@\"";

    /** Those whose older version is stored as another. */
    private static final Set<String> CONVERTED = Set.of("clusterqueues", "cohorts", "localqueues", "workloads");

    private final Process process;
    private final Path log;

    private Kueue(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Installs and starts it, and waits until it is ready. The first call on a machine takes minutes: it is built. */
    static Kueue start(ControlPlane cluster) {
        Path folder = Built.by("kueue/build");
        Certificate certificate = Certificate.create(cluster.folder());
        int webhooks = Ports.free();
        int health = Ports.free();
        KubernetesClient client = cluster.client();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .endMetadata()
                        .build())
                .create();
        Endpoint endpoint = new Endpoint("https://127.0.0.1:" + webhooks, authority(certificate));
        define(client, folder.resolve("crds"), endpoint);
        Path log = cluster.folder().resolve("kueue.log");
        Path settings = write(cluster.folder().resolve("kueue.yaml"), """
                apiVersion: config.kueue.x-k8s.io/v1beta2
                kind: Configuration
                namespace: %s
                health: {healthProbeBindAddress: '127.0.0.1:%d'}
                metrics: {bindAddress: '0'}
                webhook: {host: 127.0.0.1, port: %d, certDir: %s}
                leaderElection: {leaderElect: false}
                internalCertManagement: {enable: false}
                integrations: {frameworks: [batch/job]}
                """.formatted(
                        NAMESPACE, health, webhooks, certificate.certificate().getParent()));
        Kueue kueue = new Kueue(
                Children.start(new ProcessBuilder(
                                "unshare",
                                "--map-root-user",
                                "--mount",
                                "sh",
                                "-c",
                                WITH_CERTIFICATES,
                                certificate.certificate().getParent().toString(),
                                folder.resolve("kueue").toString(),
                                "--config=" + settings,
                                "--kubeconfig=" + cluster.kubeconfig(User.ADMIN),
                                "--feature-gates=VisibilityOnDemand=false")
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())),
                log);
        try {
            await("Kueue is ready; its log is " + log)
                    .atMost(START)
                    .until(() -> kueue.isReady(URI.create("http://127.0.0.1:" + health + "/readyz")));
        } catch (RuntimeException | Error e) {
            kueue.close();
            throw e;
        }
        register(client, folder.resolve("webhooks.yaml"), endpoint);
        return kueue;
    }

    /**
     * Where its webhooks listen.
     *
     * @param authority whom callers trust, as PEM in base 64
     */
    private record Endpoint(String url, String authority) {
        WebhookClientConfig of(WebhookClientConfig service) {
            WebhookClientConfig here = new WebhookClientConfig();
            here.setUrl(url + service.getService().getPath());
            here.setCaBundle(authority);
            return here;
        }
    }

    private static void define(KubernetesClient client, Path folder, Endpoint endpoint) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                CustomResourceDefinition definition =
                        (CustomResourceDefinition) load(client, file).getFirst();
                if (CONVERTED.contains(definition.getSpec().getNames().getPlural())) {
                    definition
                            .getSpec()
                            .setConversion(new CustomResourceConversionBuilder()
                                    .withStrategy("Webhook")
                                    .withNewWebhook()
                                    .withConversionReviewVersions("v1")
                                    .withNewClientConfig()
                                    .withUrl(endpoint.url() + "/convert")
                                    .withCaBundle(endpoint.authority())
                                    .endClientConfig()
                                    .endWebhook()
                                    .build());
                }
                client.resource(definition).create();
                client.resource(definition).waitUntilCondition(Kueue::isServed, START.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isServed(CustomResourceDefinition definition) {
        return Optional.ofNullable(definition)
                .map(CustomResourceDefinition::getStatus)
                .map(CustomResourceDefinitionStatus::getConditions)
                .filter(conditions -> conditions.stream()
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True")))
                .isPresent();
    }

    /** Its webhooks for its own resources and for Jobs; others are of frameworks that are switched off here. */
    private static void register(KubernetesClient client, Path file, Endpoint endpoint) {
        for (HasMetadata configuration : load(client, file)) {
            configuration
                    .getMetadata()
                    .setName("kueue-" + configuration.getMetadata().getName());
            switch (configuration) {
                case MutatingWebhookConfiguration mutating -> {
                    mutating.getWebhooks().removeIf(webhook -> isForeign(webhook.getClientConfig()));
                    mutating.getWebhooks()
                            .forEach(webhook -> webhook.setClientConfig(endpoint.of(webhook.getClientConfig())));
                }
                case ValidatingWebhookConfiguration validating -> {
                    validating.getWebhooks().removeIf(webhook -> isForeign(webhook.getClientConfig()));
                    validating
                            .getWebhooks()
                            .forEach(webhook -> webhook.setClientConfig(endpoint.of(webhook.getClientConfig())));
                }
                default -> throw new IllegalStateException(file + " has a " + configuration.getKind());
            }
            client.resource(configuration).create();
        }
    }

    private static boolean isForeign(WebhookClientConfig config) {
        String path = config.getService().getPath();
        return !path.contains("-kueue-x-k8s-io-") && !path.endsWith("-batch-v1-job");
    }

    private boolean isReady(URI uri) {
        if (!process.isAlive()) {
            throw new IllegalStateException("Kueue has ended; its log is " + log);
        }
        try {
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            return connection.getResponseCode() == 200;
        } catch (IOException _) {
            return false; // nobody listens yet
        }
    }

    private static List<HasMetadata> load(KubernetesClient client, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            List<HasMetadata> items = client.load(in).items();
            assertThat(items).as("what %s holds", file).isNotEmpty();
            return items;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String authority(Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(Files.readAllBytes(certificate.certificate()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
