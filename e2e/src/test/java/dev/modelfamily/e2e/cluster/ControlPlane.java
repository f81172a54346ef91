package dev.modelfamily.e2e.cluster;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A real Kubernetes control plane: etcd, API server, controller manager and scheduler as processes of this machine, on free
 * ports of 127.0.0.1. Several may stand side by side. Claims of storage are met with folders; it has no node, see
 * {@link TestKubelet}.
 */
public final class ControlPlane implements AutoCloseable {
    private static final Path PLACE = Path.of("target", "clusters").toAbsolutePath();
    /** Longer than the usual ten seconds: a machine that is busy with other things answers late, and is not broken. */
    private static final int PATIENCE_MILLIS = 60_000;

    /** Some 1.5 seconds in all; the usual ten would take two minutes to notice that an API server was switched off. */
    private static final int RETRIES = 4;

    private static final Duration START = Duration.ofMinutes(5);

    private final Path folder;
    private final Credentials credentials;
    private final Programs programs;
    private final KubernetesClient admin;
    private final Map<User, KubernetesClient> clients = new ConcurrentHashMap<>();
    private final TestVolumes volumes;
    private final AtomicInteger namespaces = new AtomicInteger();

    private ControlPlane(Settings settings) {
        folder = newFolder();
        int port = Ports.free();
        List<User> users = new ArrayList<>(settings.users());
        users.addAll(List.of(User.ADMIN, User.NODE, User.CONTROLLER_MANAGER, User.SCHEDULER));
        credentials = new Credentials(folder, port, users);
        programs = new Programs(folder, credentials, port, settings);
        try {
            programs.etcd().start();
            programs.apiServer().start();
            await(programs.apiServer(), "has no certificate", () -> Files.exists(credentials.authority()));
            admin = client(User.ADMIN);
            awaitReady();
            programs.controllerManager().start();
            programs.scheduler().start();
            await(programs.controllerManager(), "makes no service account", this::hasServiceAccount);
            volumes = new TestVolumes(client(User.NODE), folder.resolve("volumes"));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Starts one with the admin as its only user, and waits until it serves. */
    public static ControlPlane start() {
        return start(Settings.DEFAULT);
    }

    /**
     * Starts one and waits until it serves.
     *
     * @throws IllegalStateException where a program does not come up, with the end of its log
     */
    public static ControlPlane start(Settings settings) {
        return new ControlPlane(settings);
    }

    /** A client that may do everything. */
    public KubernetesClient client() {
        return admin;
    }

    /** A client of one of the users that this was started with. It is closed with this. */
    public KubernetesClient client(User user) {
        return clients.computeIfAbsent(user, this::connect);
    }

    /** The kubeconfig of one of the users that this was started with. */
    public Path kubeconfig(User user) {
        return credentials.kubeconfig(user);
    }

    /** The command line tool, as the admin. */
    public Kubectl kubectl() {
        return new Kubectl(kubeconfig(User.ADMIN));
    }

    /** A new namespace whose name begins so. */
    public String newNamespace(String prefix) {
        String name = prefix + "-" + namespaces.incrementAndGet();
        admin.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        await(
                programs.controllerManager(),
                "makes no service account in " + name,
                () -> admin.serviceAccounts()
                                .inNamespace(name)
                                .withName("default")
                                .get()
                        != null);
        return name;
    }

    /** Something to stand between this and one client. The test closes it. */
    public ApiProxy proxy() {
        return new ApiProxy(credentials.authority(), credentials.port());
    }

    /** The programs, to be switched off and on. */
    public Programs programs() {
        return programs;
    }

    public AuditLog auditLog() {
        return new AuditLog(programs.auditLog());
    }

    /** Where this keeps its files; a test may put its own there. Logs outlive it. */
    public Path folder() {
        return folder;
    }

    /** Where the files of a claim are; every claim of the default storage class gets a folder. */
    public Path folder(PersistentVolumeClaim claim) {
        return volumes.folder(claim);
    }

    /** Waits until the API server says that it is ready, such as after it was switched on again. */
    public void awaitReady() {
        await(programs.apiServer(), "is not ready", () -> "ok".equals(admin.raw("/readyz")));
    }

    @Override
    public void close() {
        clients.values().forEach(KubernetesClient::close);
        programs.kill();
    }

    private KubernetesClient connect(User user) {
        Config config = Config.fromKubeconfig(kubeconfig(user).toFile());
        config.setConnectionTimeout(PATIENCE_MILLIS);
        config.setRequestTimeout(PATIENCE_MILLIS);
        config.setRequestRetryBackoffLimit(RETRIES);
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private boolean hasServiceAccount() {
        return admin.serviceAccounts()
                                .inNamespace("default")
                                .withName("default")
                                .get()
                        != null
                && admin.configMaps()
                                .inNamespace("default")
                                .withName("kube-root-ca.crt")
                                .get()
                        != null;
    }

    private static void await(Component component, String otherwise, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!holds(condition)) {
            boolean late = System.nanoTime() - begin > START.toNanos();
            if (late || !component.isRunning()) {
                throw new IllegalStateException(component.name()
                        + (late ? " " + otherwise + " after " + START.toSeconds() + " s" : " has ended")
                        + "; the end of its log (" + component.log() + "):\n" + component.tail());
            }
            Pause.briefly();
        }
    }

    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (KubernetesClientException _) {
            return false; // it does not answer yet
        }
    }

    private static Path newFolder() {
        try {
            Files.createDirectories(PLACE);
            return Files.createTempDirectory(PLACE, "cluster-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
