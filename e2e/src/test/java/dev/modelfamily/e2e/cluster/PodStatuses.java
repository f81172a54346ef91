package dev.modelfamily.e2e.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The statuses that a kubelet writes in the life of a pod with one container. One of these for each pod. */
final class PodStatuses {
    private final Container container;
    private final String uid;
    private final String begin = now();
    private final Map<String, PodCondition> conditions = new TreeMap<>();
    private String started;

    PodStatuses(Pod pod) {
        container = pod.getSpec().getContainers().get(0);
        uid = pod.getMetadata().getUid();
    }

    /** The container does not run yet. */
    PodStatus waiting(String reason, String message) {
        conditions(false);
        ContainerState state = new ContainerStateBuilder()
                .withNewWaiting()
                .withReason(reason)
                .withMessage(message.isEmpty() ? null : message)
                .endWaiting()
                .build();
        return base("Pending").withContainerStatuses(container(state, false)).build();
    }

    PodStatus running() {
        started = now();
        conditions(true);
        ContainerState state = new ContainerStateBuilder()
                .withNewRunning()
                .withStartedAt(started)
                .endRunning()
                .build();
        return base("Running").withContainerStatuses(container(state, true)).build();
    }

    /** The container has ended, and with it the pod: it is not started again. */
    PodStatus ended(Ending ending) {
        conditions(false);
        return base(ending.exitCode() == 0 ? "Succeeded" : "Failed")
                .withContainerStatuses(terminated(ending))
                .build();
    }

    /** The node has killed the container for want of a resource. */
    PodStatus evicted(String message) {
        conditions(false);
        condition("DisruptionTarget", true, "TerminationByKubelet", message);
        return base("Failed")
                .withReason("Evicted")
                .withMessage(message)
                .withContainerStatuses(terminated(Ending.of(137, "")))
                .build();
    }

    /** The pod is deleted before its container ran. */
    PodStatus neverRan() {
        conditions(false);
        return base("Failed").build();
    }

    private PodStatusBuilder base(String phase) {
        return new PodStatusBuilder()
                .withPhase(phase)
                .withStartTime(begin)
                .withQosClass(null)
                .withHostIP("127.0.0.1")
                .withPodIP("127.0.0.1")
                .withConditions(List.copyOf(conditions.values()));
    }

    private ContainerStatus terminated(Ending ending) {
        ContainerState state = new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(ending.exitCode())
                .withReason(ending.reason())
                .withMessage(ending.message().isEmpty() ? null : ending.message())
                .withStartedAt(started == null ? begin : started)
                .withFinishedAt(now())
                .withContainerID(id())
                .endTerminated()
                .build();
        return container(state, false);
    }

    private ContainerStatus container(ContainerState state, boolean running) {
        return new ContainerStatusBuilder()
                .withName(container.getName())
                .withImage(container.getImage())
                .withImageID(state.getWaiting() == null ? container.getImage() + "@test" : "")
                .withContainerID(state.getWaiting() == null ? id() : null)
                .withRestartCount(0)
                .withReady(running)
                .withStarted(running)
                .withState(state)
                .build();
    }

    private void conditions(boolean running) {
        condition("Initialized", true, null, null);
        condition("ContainersReady", running, null, null);
        condition("Ready", running, null, null);
    }

    private void condition(String type, boolean holds, String reason, String message) {
        String status = holds ? "True" : "False";
        PodCondition before = conditions.get(type);
        if (before == null || !before.getStatus().equals(status)) {
            PodCondition condition = new PodConditionBuilder()
                    .withType(type)
                    .withStatus(status)
                    .withReason(reason)
                    .withMessage(message)
                    .withLastTransitionTime(now())
                    .build();
            conditions.put(type, condition);
        }
    }

    private String id() {
        return "test://" + uid;
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
