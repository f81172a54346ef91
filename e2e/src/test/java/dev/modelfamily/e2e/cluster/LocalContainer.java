package dev.modelfamily.e2e.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The container of a pod as a process of this machine, in a mount namespace of its own: it sees the files of this machine, what
 * it writes there is lost, and the volumes of its pod lie where the pod mounts them.
 */
final class LocalContainer {
    private static final int MESSAGE_BYTES = 4096;

    private final KubernetesClient client;
    private final Path folder;
    private final Path log;
    private final Path terminationLog;
    private volatile Process process;

    /**
     * @param folder of this pod alone
     * @param log where the output goes
     */
    LocalContainer(KubernetesClient client, Path folder, Path log) {
        this.client = client;
        this.folder = folder;
        this.log = log;
        this.terminationLog = folder.resolve("termination-log");
    }

    /** Fetches what the pod mounts; says what is missing, where something is. */
    Optional<String> prepare(Pod pod) {
        Folders.create(folder);
        try {
            List<String> mounts = new ArrayList<>(new PodVolumes(client, folder.resolve("volumes")).mounts(pod));
            String path = Objects.requireNonNullElse(only(pod).getTerminationMessagePath(), "/dev/termination-log");
            mounts.add(PodVolumes.line(terminationLog, path, false));
            Files.writeString(terminationLog, "");
            Files.write(folder.resolve("mounts"), mounts);
            return Optional.empty();
        } catch (MissingException e) {
            return Optional.of(e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the process; {@link #prepare} has found everything. */
    Process start(Pod pod, Image image) {
        Container container = only(pod);
        addMounts(image);
        Map<String, String> environment = new PodEnvironment(client, pod).of(container, image);
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private"));
        if (!"root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("--user", "--map-root-user"));
        }
        command.addAll(List.of(
                "--",
                "/bin/bash",
                script().toString(),
                Folders.create(folder.resolve("scratch")).toString(),
                folder.resolve("mounts").toString()));
        command.addAll(commandOf(container, image, environment));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        process = Children.start(builder);
        return process;
    }

    /** What the process left for the status of its pod. */
    String terminationMessage() {
        try {
            byte[] message = Files.readAllBytes(terminationLog);
            return new String(Arrays.copyOf(message, Math.min(message.length, MESSAGE_BYTES)), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process at once, where one runs. */
    void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }

    /** Deletes what was kept for the pod; its log stays. */
    void forget() {
        Folders.delete(folder);
    }

    private void addMounts(Image image) {
        try {
            List<String> lines = new ArrayList<>();
            image.files().forEach((target, source) -> lines.add(PodVolumes.line(source, target, true)));
            Files.write(folder.resolve("mounts"), lines, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> commandOf(Container container, Image image, Map<String, String> environment) {
        List<String> command =
                new ArrayList<>(container.getCommand().isEmpty() ? image.entrypoint() : container.getCommand());
        command.addAll(container.getArgs());
        return command.stream()
                .map(word -> PodEnvironment.expand(word, environment))
                .collect(Collectors.toList());
    }

    private static Container only(Pod pod) {
        List<Container> containers = pod.getSpec().getContainers();
        if (containers.size() != 1 || !pod.getSpec().getInitContainers().isEmpty()) {
            throw new IllegalStateException("the test kubelet runs pods of one container; "
                    + pod.getMetadata().getName() + " has more");
        }
        return containers.get(0);
    }

    private static Path script() {
        return Path.of("src/test/resources/dev/modelfamily/e2e/cluster/container.sh")
                .toAbsolutePath();
    }
}
