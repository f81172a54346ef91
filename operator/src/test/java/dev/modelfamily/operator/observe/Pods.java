package dev.modelfamily.operator.observe;

import dev.modelfamily.operator.pod.Labels;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;

/** Jobs and pods as the control plane leaves them. */
final class Pods {
    static final String CREATED = "2026-01-01T00:00:00Z";
    static final String ENDED = "2026-01-01T01:00:00Z";

    private Pods() {}

    /** A Job as it is in the API: with a UID and a time. */
    static Job stored(Job job) {
        return new JobBuilder(job)
                .editMetadata()
                .withUid("uid-of-" + job.getMetadata().getName())
                .withCreationTimestamp(CREATED)
                .endMetadata()
                .withNewStatus()
                .endStatus()
                .build();
    }

    static Job ended(Job job, String type, String reason, String message) {
        return new JobBuilder(stored(job))
                .editStatus()
                .addToConditions(new JobConditionBuilder()
                        .withType(type)
                        .withStatus("True")
                        .withReason(reason)
                        .withMessage(message)
                        .withLastTransitionTime(ENDED)
                        .build())
                .endStatus()
                .build();
    }

    static Pod pending(Job job) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(job.getMetadata().getName() + "-abcde")
                .withNamespace(job.getMetadata().getNamespace())
                .withLabels(job.getSpec().getTemplate().getMetadata().getLabels())
                .withCreationTimestamp(CREATED)
                .addNewOwnerReference()
                .withKind("Job")
                .withName(job.getMetadata().getName())
                .withUid("uid-of-" + job.getMetadata().getName())
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .withPhase("Pending")
                .endStatus()
                .build();
    }

    static Pod running(Job job) {
        return with(
                pending(job),
                "Running",
                new ContainerStateBuilder().withNewRunning().endRunning().build());
    }

    static Pod waiting(Job job, String reason, String message) {
        return with(
                pending(job),
                "Pending",
                new ContainerStateBuilder()
                        .withNewWaiting()
                        .withReason(reason)
                        .withMessage(message)
                        .endWaiting()
                        .build());
    }

    static Pod terminated(Job job, int code, String reason, String message) {
        return with(
                pending(job),
                code == 0 ? "Succeeded" : "Failed",
                new ContainerStateBuilder()
                        .withNewTerminated()
                        .withExitCode(code)
                        .withReason(reason)
                        .withMessage(message)
                        .withFinishedAt(ENDED)
                        .endTerminated()
                        .build());
    }

    static Pod condition(Pod pod, String type, String status, String reason, String message) {
        return new PodBuilder(pod)
                .editStatus()
                .addToConditions(new PodConditionBuilder()
                        .withType(type)
                        .withStatus(status)
                        .withReason(reason)
                        .withMessage(message)
                        .build())
                .endStatus()
                .build();
    }

    private static Pod with(Pod pod, String phase, ContainerState state) {
        return new PodBuilder(pod)
                .editStatus()
                .withPhase(phase)
                .addNewContainerStatus()
                .withName("trainer")
                .withState(state)
                .endContainerStatus()
                .endStatus()
                .build();
    }

    /** Of an earlier family that had the same name. */
    static Pod ofPredecessor(Pod pod) {
        return new PodBuilder(pod)
                .editMetadata()
                .addToLabels(Labels.FAMILY_UID, "another")
                .endMetadata()
                .build();
    }
}
