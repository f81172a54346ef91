package dev.modelfamily.e2e.cluster;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The Jobs of one namespace, and what becomes of them. */
final class Workload {
    static final Duration PATIENCE = Duration.ofMinutes(4);

    private final KubernetesClient client;
    private final String namespace;

    Workload(ControlPlane cluster, String prefix) {
        client = cluster.client();
        namespace = cluster.newNamespace(prefix);
    }

    KubernetesClient client() {
        return client;
    }

    String namespace() {
        return namespace;
    }

    /**
     * Creates a Job of one pod, as a stage is: exit code 65 fails it, a disruption is not counted.
     *
     * @param container the rest of the container, as the inside of a YAML mapping
     * @param pod the rest of the pod, likewise
     */
    Job create(String name, String node, String container, String pod) {
        Job job = Serialization.unmarshal("""
                apiVersion: batch/v1
                kind: Job
                metadata: {name: %s, namespace: %s}
                spec:
                  backoffLimit: 1
                  podReplacementPolicy: Failed
                  podFailurePolicy:
                    rules:
                      - {action: FailJob, onExitCodes: {operator: In, values: [65]}}
                      - {action: Ignore, onPodConditions: [{type: DisruptionTarget}]}
                  template:
                    spec:
                      restartPolicy: Never
                      nodeSelector: {kubernetes.io/hostname: %s}
                      containers: [{name: trainer, image: trainer, %s}]
                      %s
                """.formatted(name, namespace, node, container, pod), Job.class);
        return client.resource(job).create();
    }

    Job create(String name, String node) {
        return create(name, node, "", "");
    }

    /** Waits until the Job has one of the conditions, and returns it. */
    JobCondition end(Job job) {
        return await().atMost(PATIENCE)
                .until(() -> condition(job, "Complete").or(() -> condition(job, "Failed")), Optional::isPresent)
                .orElseThrow();
    }

    /** All pods of a Job that there still are. */
    List<Pod> pods(Job job) {
        return client.pods()
                .inNamespace(namespace)
                .withLabel("job-name", job.getMetadata().getName())
                .list()
                .getItems();
    }

    /** Waits for a pod of a Job that is as wanted. */
    Pod pod(Job job, Predicate<Pod> wanted) {
        return await().atMost(PATIENCE)
                .until(() -> pods(job).stream().filter(wanted).findAny(), Optional::isPresent)
                .orElseThrow();
    }

    /** Changes a pod, whatever others change of it meanwhile; single quotes stand for double ones. */
    void patch(Pod pod, String change) {
        client.pods()
                .inNamespace(namespace)
                .withName(pod.getMetadata().getName())
                .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), change.replace('\'', '"'));
    }

    static Predicate<Pod> inPhase(String phase) {
        return pod -> pod.getStatus() != null && phase.equals(pod.getStatus().getPhase());
    }

    /** Statuses of a pod's conditions by type. */
    static Map<String, String> conditions(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .collect(Collectors.toMap(condition -> condition.getType(), condition -> condition.getStatus()));
    }

    private Optional<JobCondition> condition(Job job, String type) {
        return client.resource(job).get().getStatus().getConditions().stream()
                .filter(one -> one.getType().equals(type) && one.getStatus().equals("True"))
                .findAny();
    }
}
