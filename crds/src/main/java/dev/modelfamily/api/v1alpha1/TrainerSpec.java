package dev.modelfamily.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;

/** The trainer's pod. */
public record TrainerSpec(
        String image,
        List<LocalObjectReference> imagePullSecrets,
        ResourceRequirements resources,
        Map<String, String> nodeSelector,
        List<Toleration> tolerations,
        Affinity affinity,
        String priorityClassName,
        String serviceAccountName,
        String runtimeClassName,
        List<EnvVar> env,
        List<PodPatch> podPatches,
        String queueName) {}
