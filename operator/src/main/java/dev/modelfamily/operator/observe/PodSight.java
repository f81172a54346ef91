package dev.modelfamily.operator.observe;

import dev.modelfamily.operator.pod.TrainerJobs;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How a pod of the trainer looks. */
public record PodSight(Pod pod) {
    /** What a pod waits for in the usual course of things. */
    static final String STARTING = "Starting";

    /** What the kubelet says of a container that it cannot start, and of an image in turn. */
    private static final Set<String> IMAGE_TROUBLES = Set.of("ErrImagePull", "ImagePullBackOff");

    private static final Set<String> TROUBLES = Set.of(
            "InvalidImageName",
            "ErrImageNeverPull",
            "CreateContainerConfigError",
            "CreateContainerError",
            "RunContainerError");

    /** How the trainer ended: its exit code, its last words, when, and the kubelet's word for it. */
    record End(int code, String message, Instant at, String reason) {}

    /** Why something is as it is: a word and a sentence. */
    public record Why(String reason, String message) {}

    /** Whether nothing of the pod runs or will run. */
    static boolean hasEnded(Pod pod) {
        String phase = status(pod).map(PodStatus::getPhase).orElse("");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    boolean hasEnded() {
        return hasEnded(pod);
    }

    /** Whether the trainer runs. */
    public boolean isRunning() {
        return container()
                .map(container ->
                        container.getState() != null && container.getState().getRunning() != null)
                .orElse(false);
    }

    /** How the trainer ended; empty while it runs, and where nobody knows. */
    Optional<End> end() {
        return container()
                .flatMap(container -> Optional.ofNullable(container.getState()))
                .flatMap(state -> Optional.ofNullable(state.getTerminated()))
                .filter(terminated -> !"ContainerStatusUnknown".equals(terminated.getReason()))
                .map(this::end);
    }

    private End end(ContainerStateTerminated terminated) {
        return new End(
                terminated.getExitCode(),
                Optional.ofNullable(terminated.getMessage()).orElse("").strip(),
                Times.read(terminated.getFinishedAt()).orElseGet(this::created),
                Optional.ofNullable(terminated.getReason()).orElse(""));
    }

    /** Why the pod was taken away: evicted, preempted, its node lost; empty where it was not. */
    Optional<Why> disruption() {
        Optional<Why> target = condition("DisruptionTarget", "True").map(PodSight::why);
        return target.or(() -> status(pod)
                .filter(status -> "Failed".equals(status.getPhase()) && end().isEmpty())
                .map(status -> new Why(
                        orElse(status.getReason(), "PodFailed"),
                        orElse(status.getMessage(), "the pod ended without a word of the trainer"))));
    }

    /** What the pod waits for. */
    public Why waitsFor() {
        Optional<Why> trouble = container()
                .flatMap(container -> Optional.ofNullable(container.getState()))
                .flatMap(state -> Optional.ofNullable(state.getWaiting()))
                .flatMap(PodSight::trouble);
        return trouble.or(() -> condition("PodScheduled", "False").map(PodSight::unscheduled))
                .orElse(new Why(STARTING, ""));
    }

    /** The two words for an image that cannot be had take turns; one of them is enough. */
    private static Optional<Why> trouble(ContainerStateWaiting waiting) {
        String reason = orElse(waiting.getReason(), "");
        if (IMAGE_TROUBLES.contains(reason)) {
            return Optional.of(new Why("ImagePullBackOff", orElse(waiting.getMessage(), "")));
        }
        return TROUBLES.contains(reason)
                ? Optional.of(new Why(reason, orElse(waiting.getMessage(), "")))
                : Optional.empty();
    }

    private static Why unscheduled(PodCondition condition) {
        Why why = why(condition);
        boolean volume =
                why.message().contains("persistentvolumeclaim") && why.message().contains("not found");
        return volume ? new Why("VolumeMissing", why.message()) : why;
    }

    Instant created() {
        return Times.read(pod.getMetadata().getCreationTimestamp()).orElse(Instant.EPOCH);
    }

    private Optional<PodCondition> condition(String type, String value) {
        return status(pod).map(PodStatus::getConditions).orElse(List.of()).stream()
                .filter(condition -> type.equals(condition.getType()) && value.equals(condition.getStatus()))
                .findFirst();
    }

    private Optional<ContainerStatus> container() {
        return status(pod).map(PodStatus::getContainerStatuses).orElse(List.of()).stream()
                .filter(container -> TrainerJobs.CONTAINER.equals(container.getName()))
                .findFirst();
    }

    private static Why why(PodCondition condition) {
        return new Why(orElse(condition.getReason(), condition.getType()), orElse(condition.getMessage(), ""));
    }

    private static Optional<PodStatus> status(Pod pod) {
        return Optional.ofNullable(pod.getStatus());
    }

    private static String orElse(String text, String other) {
        return text == null || text.isBlank() ? other : text;
    }
}
