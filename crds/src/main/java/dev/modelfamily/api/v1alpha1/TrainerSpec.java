package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The trainer's pod. Texts are empty where the operator's own or the cluster's default applies.
 *
 * @param affinity null where there is none; read it by {@link #optionalAffinity()}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TrainerSpec(
        @Size(max = 512)
        @JsonPropertyDescription(
                "The image of the trainer. Default: the one of the operator's own version, for GPUs where a stage asks for one")
        String image,

        @Size(max = 16) @JsonPropertyDescription("Secrets for pulling the image. Default: none")
        List<LocalObjectReference> imagePullSecrets,

        @JsonPropertyDescription(
                "CPU, memory and GPUs of a stage. Example: limits: {nvidia.com/gpu: 1, memory: 64Gi}. Default: one GPU,"
                        + " nvidia.com/gpu: 1; a stage without a GPU asks for cpu and memory only")
        ResourceRequirements resources,

        @Size(max = 32) @JsonPropertyDescription("Labels that the node must have. Default: none")
        Map<String, String> nodeSelector,

        @Size(max = 32) @JsonPropertyDescription("Taints of nodes that the pod tolerates. Default: none")
        List<Toleration> tolerations,

        @JsonPropertyDescription("Which nodes and neighbours the pod prefers, as in a pod. Default: none")
        Affinity affinity,

        @Size(max = 253) @JsonPropertyDescription("The PriorityClass of the pod. Default: the cluster's default")
        String priorityClassName,

        @Size(max = 253)
        @JsonPropertyDescription("The service account of the pod; no token of it is mounted. Default: default")
        String serviceAccountName,

        @Size(max = 253)
        @JsonPropertyDescription("The RuntimeClass of the pod. Example: nvidia. Default: the cluster's default")
        String runtimeClassName,

        @Size(max = 64)
        @JsonPropertyDescription(
                "Environment variables of the trainer, as in a container. Example: name: HF_ENDPOINT. Default: none")
        List<EnvVar> env,

        @Size(max = 8)
        @JsonPropertyDescription(
                "Changes to the pod that no other field can express, each owned by a manager. Default: none")
        List<PodPatch> podPatches,

        @Size(max = 63)
        @Pattern(Units.LABEL)
        @JsonPropertyDescription(
                "The LocalQueue of Kueue that stages wait in. Example: gpu. Default: none, stages start at once")
        String queueName) {
    /** What applies where the user says nothing of the trainer. */
    public static final TrainerSpec DEFAULT =
            new TrainerSpec(null, null, null, null, null, null, null, null, null, null, null, null);

    public TrainerSpec {
        image = Defaults.text(image);
        imagePullSecrets = Defaults.list(imagePullSecrets);
        resources = Defaults.or(resources, new ResourceRequirements());
        nodeSelector = Defaults.map(nodeSelector);
        tolerations = Defaults.list(tolerations);
        priorityClassName = Defaults.text(priorityClassName);
        serviceAccountName = Defaults.text(serviceAccountName);
        runtimeClassName = Defaults.text(runtimeClassName);
        env = Defaults.list(env);
        podPatches = Defaults.list(podPatches);
        queueName = Defaults.text(queueName);
    }

    public Optional<Affinity> optionalAffinity() {
        return Optional.ofNullable(affinity);
    }
}
