package dev.modelfamily.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The four programs of a control plane, each with its arguments. */
public final class Programs {
    private final Path folder;
    private final Path auditLog;
    private final Component etcd;
    private final Component apiServer;
    private final Component controllerManager;
    private final Component scheduler;

    Programs(Path folder, Credentials credentials, int port, Settings settings) {
        this.folder = folder;
        this.auditLog = folder.resolve("audit.jsonl");
        String store = "http://127.0.0.1:" + Ports.free();
        etcd = component(
                "etcd",
                List.of(),
                "--data-dir=" + folder.resolve("etcd"),
                "--listen-client-urls=" + store,
                "--advertise-client-urls=" + store,
                "--listen-peer-urls=http://127.0.0.1:0",
                "--unsafe-no-fsync",
                "--log-level=warn");
        apiServer = component(
                "kube-apiserver",
                settings.apiServer(),
                "--etcd-servers=" + store,
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--secure-port=" + port,
                "--cert-dir=" + credentials.certificates(),
                "--token-auth-file=" + credentials.tokens(),
                "--authorization-mode=RBAC",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-signing-key-file=" + credentials.serviceAccountKey(),
                "--service-account-key-file=" + credentials.serviceAccountKey(),
                "--service-cluster-ip-range=10.0.0.0/24",
                "--endpoint-reconciler-type=none",
                "--audit-policy-file=" + write("audit-policy.yaml", AuditLog.POLICY),
                "--audit-log-path=" + auditLog);
        controllerManager = component(
                "kube-controller-manager",
                settings.controllerManager(),
                "--kubeconfig=" + credentials.kubeconfig(User.CONTROLLER_MANAGER),
                "--leader-elect=false",
                "--secure-port=0",
                "--use-service-account-credentials",
                "--service-account-private-key-file=" + credentials.serviceAccountKey(),
                "--root-ca-file=" + credentials.authority());
        scheduler = component(
                "kube-scheduler",
                List.of(),
                "--kubeconfig=" + credentials.kubeconfig(User.SCHEDULER),
                "--leader-elect=false",
                "--secure-port=0");
    }

    public Component etcd() {
        return etcd;
    }

    public Component apiServer() {
        return apiServer;
    }

    public Component controllerManager() {
        return controllerManager;
    }

    public Component scheduler() {
        return scheduler;
    }

    Path auditLog() {
        return auditLog;
    }

    /** Ends all of them at once, and forgets what etcd stored. */
    void kill() {
        List.of(scheduler, controllerManager, apiServer, etcd).forEach(Component::kill);
        Folders.delete(folder.resolve("etcd"));
    }

    private Component component(String name, List<String> further, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Binaries.of(name).toString());
        command.addAll(List.of(arguments));
        command.addAll(further);
        return new Component(name, command, folder.resolve(name + ".log"));
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
