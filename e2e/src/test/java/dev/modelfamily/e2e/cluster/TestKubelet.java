package dev.modelfamily.e2e.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * A node whose containers are processes of this machine, or plays: it does for its pods what a kubelet does, as far as Jobs can
 * tell. It has one container for a pod, starts none again, and pulls no image.
 */
public final class TestKubelet implements AutoCloseable {
    private static final Map<String, String> CAPACITY =
            Map.of("cpu", "64", "memory", "512Gi", "ephemeral-storage", "1Ti", "pods", "110", "nvidia.com/gpu", "8");

    private final KubernetesClient client;
    private final Path folder;
    private final Function<Pod, Behaviour> behaviours;
    private final Reports reports;
    private final Heartbeat heartbeat;
    private final Map<String, Life> lives = new ConcurrentHashMap<>();
    private final ExecutorService workers = Executors.newThreadPerTaskExecutor(Thread.ofVirtual()
            .name("pod-", 0)
            .uncaughtExceptionHandler((_, e) -> failed(e))
            .factory());
    private volatile boolean ended;
    private final SharedIndexInformer<Pod> pods;

    private TestKubelet(ControlPlane cluster, String name, Map<String, String> capacity, Function<Pod, Behaviour> how) {
        client = cluster.client(User.NODE);
        folder = Folders.create(cluster.folder().resolve(name));
        Folders.create(folder.resolve("logs"));
        behaviours = how;
        reports = new Reports(client);
        heartbeat = new Heartbeat(client, name, reports);
        heartbeat.begin(capacity);
        pods = client.pods().inAnyNamespace().withField("spec.nodeName", name).inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Pod pod) {
                see(pod);
            }

            @Override
            public void onUpdate(Pod before, Pod pod) {
                see(pod);
            }

            @Override
            public void onDelete(Pod pod, boolean unknown) {
                forget(pod);
            }
        });
    }

    /**
     * Joins a node with eight GPUs to a control plane.
     *
     * @param behaviours what happens in each pod, asked once when it arrives
     */
    public static TestKubelet join(ControlPlane cluster, String name, Function<Pod, Behaviour> behaviours) {
        return join(cluster, name, Map.of(), behaviours);
    }

    /**
     * Joins a node to a control plane.
     *
     * @param capacity where it differs from the usual one, such as {@code nvidia.com/gpu: 1}
     * @param behaviours what happens in each pod, asked once when it arrives
     */
    public static TestKubelet join(
            ControlPlane cluster, String name, Map<String, String> capacity, Function<Pod, Behaviour> behaviours) {
        Map<String, String> all = new HashMap<>(CAPACITY);
        all.putAll(capacity);
        return new TestKubelet(cluster, name, all, behaviours);
    }

    /** What the container of a pod wrote to standard output and error. */
    public String log(Pod pod) {
        try {
            return Files.readString(logFile(pod));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Cuts the node off, or joins it again: no heartbeat, no status, while its containers go on. */
    public void silence(boolean silent) {
        reports.silence(silent);
    }

    /** Kills all containers at once, without a word to the API server; nothing is heard of this node again. */
    public void crash() {
        reports.silence(true);
        heartbeat.close();
        end();
    }

    /** Ends all containers and takes the node away. */
    @Override
    public void close() {
        if (!reports.isSilent()) {
            heartbeat.leave();
        }
        end();
    }

    private void failed(Throwable e) {
        if (!ended) {
            System.getLogger(TestKubelet.class.getName()).log(System.Logger.Level.ERROR, "a pod is lost", e);
        }
    }

    private void end() {
        ended = true;
        pods.close();
        workers.shutdownNow();
        lives.values().forEach(life -> life.container.kill());
    }

    private void see(Pod pod) {
        boolean over = pod.getStatus() != null
                && ("Succeeded".equals(pod.getStatus().getPhase())
                        || "Failed".equals(pod.getStatus().getPhase()));
        Life life = lives.computeIfAbsent(pod.getMetadata().getUid(), uid -> over ? null : begin(pod));
        if (life != null && pod.getMetadata().getDeletionTimestamp() != null) {
            life.worker.delete(pod);
        }
    }

    private void forget(Pod pod) {
        Life life = lives.remove(pod.getMetadata().getUid());
        if (life != null) {
            life.worker.delete(pod);
        }
    }

    private Life begin(Pod pod) {
        LocalContainer container = new LocalContainer(
                client, folder.resolve("pods").resolve(pod.getMetadata().getUid()), logFile(pod));
        PodWorker worker = new PodWorker(pod, behaviours.apply(pod), reports, container);
        workers.execute(worker);
        return new Life(worker, container);
    }

    private Path logFile(Pod pod) {
        return folder.resolve("logs")
                .resolve(pod.getMetadata().getNamespace() + "_"
                        + pod.getMetadata().getName() + ".log");
    }

    private record Life(PodWorker worker, LocalContainer container) {}
}
