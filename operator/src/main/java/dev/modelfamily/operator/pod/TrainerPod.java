package dev.modelfamily.operator.pod;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.TrainerSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The template of a trainer's pod: restricted pod security, the order as a file, the family's volumes, and what the user asks for.
 *
 * @param arguments of the trainer, after the image's own command
 * @param order the JSON that the trainer reads from {@link #ORDER_FILE}; empty for none
 * @param credentials Secrets that this pod needs; the operator never reads them
 */
record TrainerPod(
        ModelFamily family,
        Template template,
        Claims claims,
        Map<String, String> labels,
        List<String> arguments,
        String order,
        ResourceRequirements resources,
        Credentials credentials) {
    /** The container that runs the trainer, for patches and for the rules of the Job. */
    static final String CONTAINER = "trainer";
    /** The folder of the order, the token and the certificates. */
    static final String FOLDER = "/var/run/modelfamily";

    static final String ORDER_FILE = FOLDER + "/order.json";
    /** Where Kubernetes takes the pod's last words from. */
    static final String RESULT_FILE = "/dev/termination-log";

    /** What the trainer must compute on. */
    private static final String DEVICE = "MODELFAMILY_DEVICE";

    /** The API server keeps 256 KiB of annotations on an object. */
    private static final int MAX_ORDER_BYTES = 240 * 1024;

    private static final long TOKEN_SECONDS = 3600;

    PodTemplateSpec build() {
        if (order.getBytes(StandardCharsets.UTF_8).length > MAX_ORDER_BYTES) {
            throw new UnsupportedFamilyException(
                    "the order of this stage has " + order.length() + " bytes, but a pod takes at most "
                            + MAX_ORDER_BYTES + "; the parent has too many layers for this version");
        }
        TrainerSpec trainer = family.getSpec().trainer();
        PodSpecBuilder spec = new PodSpecBuilder()
                .withRestartPolicy("Never")
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(template.settings().grace().toSeconds())
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(template.settings().user())
                .withRunAsGroup(template.settings().user())
                .withFsGroup(template.settings().user())
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withImagePullSecrets(trainer.imagePullSecrets())
                .withNodeSelector(trainer.nodeSelector())
                .withTolerations(trainer.tolerations())
                .withAffinity(trainer.optionalAffinity().orElse(null))
                .withPriorityClassName(orNull(trainer.priorityClassName()))
                .withRuntimeClassName(orNull(trainer.runtimeClassName()))
                .withServiceAccountName(orNull(trainer.serviceAccountName()))
                .withContainers(container())
                .withVolumes(volumes());
        PodTemplateSpec built = new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels)
                .withAnnotations(annotations())
                .endMetadata()
                .withSpec(spec.build())
                .build();
        return PodPatches.apply(built, trainer.podPatches());
    }

    private Container container() {
        TrainerSpec trainer = family.getSpec().trainer();
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(image(trainer))
                .withImagePullPolicy(template.settings().pullPolicy())
                .withArgs(arguments)
                .withEnv(environment(trainer))
                .withResources(resources)
                .addNewPort()
                .withName("metrics")
                .withContainerPort(template.settings().metricsPort())
                .endPort()
                .withTerminationMessagePath(RESULT_FILE)
                .withTerminationMessagePolicy("File")
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .withVolumeMounts(mounts())
                .build();
    }

    private String image(TrainerSpec trainer) {
        if (!trainer.image().isEmpty()) {
            return trainer.image();
        }
        String usual = template.settings().image();
        return Compute.hasDevice(resources) ? template.settings().gpuImage().orElse(usual) : usual;
    }

    private List<EnvVar> environment(TrainerSpec trainer) {
        List<EnvVar> environment = new ArrayList<>();
        // No pod computes on a processor what was to be on a GPU, nor on a GPU that it did not ask for but can see.
        // A family may say otherwise.
        if (trainer.env().stream().noneMatch(variable -> DEVICE.equals(variable.getName()))) {
            environment.add(variable(DEVICE, Compute.hasDevice(resources) ? "gpu" : "cpu"));
        }
        environment.add(variable("HOME", "/tmp"));
        environment.add(variable("DJL_CACHE_DIR", "/tmp/djl"));
        environment.add(variable("MODELFAMILY_CLAIMS", Claims.MOUNTS));
        environment.add(variable("MODELFAMILY_CACHE", claims.cache()));
        template.progressUrl().ifPresent(url -> {
            String name = family.getMetadata().getName();
            String path = "/v1/progress/" + family.getMetadata().getNamespace() + "/" + name;
            environment.add(variable("MODELFAMILY_PROGRESS_URL", url + path));
            environment.add(variable("MODELFAMILY_PROGRESS_TOKEN_FILE", FOLDER + "/token"));
            if (!certificates().isEmpty()) {
                environment.add(variable("MODELFAMILY_PROGRESS_CA_FILE", FOLDER + "/ca.crt"));
            }
        });
        environment.addAll(trainer.env());
        return environment;
    }

    private Map<String, String> annotations() {
        Map<String, String> annotations = new HashMap<>();
        if (!order.isEmpty()) {
            annotations.put(Labels.ORDER, order);
        }
        if (!certificates().isEmpty()) {
            annotations.put(Labels.PROGRESS_CA, certificates());
        }
        return annotations;
    }

    private List<Volume> volumes() {
        List<Volume> volumes = new ArrayList<>();
        if (!projections().isEmpty()) {
            volumes.add(new VolumeBuilder()
                    .withName("order")
                    .withNewProjected()
                    .withSources(projections())
                    .endProjected()
                    .build());
        }
        volumes.add(new VolumeBuilder()
                .withName("tmp")
                .withNewEmptyDir()
                .endEmptyDir()
                .build());
        volumes.add(new VolumeBuilder()
                .withName("shared-memory")
                .withNewEmptyDir()
                .withMedium("Memory")
                .withSizeLimit(new Quantity("8Gi"))
                .endEmptyDir()
                .build());
        volumes.add(claim(claims.storage().claimName(), "storage", false));
        int index = 0;
        for (String claim : claims.readOnly()) {
            volumes.add(claim(claim, "claim-" + index++, true));
        }
        volumes.addAll(credentials.volumes());
        return volumes;
    }

    private List<VolumeMount> mounts() {
        List<VolumeMount> mounts = new ArrayList<>();
        if (!projections().isEmpty()) {
            mounts.add(mount("order", FOLDER, true));
        }
        mounts.add(mount("tmp", "/tmp", false));
        mounts.add(mount("shared-memory", "/dev/shm", false));
        mounts.add(mount("storage", Claims.mountOf(claims.storage().claimName()), false));
        int index = 0;
        for (String claim : claims.readOnly()) {
            mounts.add(mount("claim-" + index++, Claims.mountOf(claim), true));
        }
        mounts.addAll(credentials.mounts());
        return mounts;
    }

    private List<VolumeProjection> projections() {
        List<VolumeProjection> projections = new ArrayList<>();
        if (!order.isEmpty()) {
            projections.add(annotation(Labels.ORDER, "order.json"));
        }
        if (!certificates().isEmpty()) {
            projections.add(annotation(Labels.PROGRESS_CA, "ca.crt"));
        }
        if (template.progressUrl().isPresent()) {
            projections.add(new VolumeProjectionBuilder()
                    .withNewServiceAccountToken()
                    .withAudience(Template.audience(family.getMetadata().getUid()))
                    .withExpirationSeconds(TOKEN_SECONDS)
                    .withPath("token")
                    .endServiceAccountToken()
                    .build());
        }
        return projections;
    }

    private String certificates() {
        return template.progressUrl().isPresent() ? template.certificates().get() : "";
    }

    private static VolumeProjection annotation(String name, String path) {
        return new VolumeProjectionBuilder()
                .withNewDownwardAPI()
                .addNewItem()
                .withPath(path)
                .withNewFieldRef()
                .withFieldPath("metadata.annotations['" + name + "']")
                .endFieldRef()
                .endItem()
                .endDownwardAPI()
                .build();
    }

    private static Volume claim(String claim, String name, boolean readOnly) {
        return new VolumeBuilder()
                .withName(name)
                .withNewPersistentVolumeClaim()
                .withClaimName(claim)
                .withReadOnly(readOnly ? true : null)
                .endPersistentVolumeClaim()
                .build();
    }

    private static VolumeMount mount(String name, String path, boolean readOnly) {
        return new VolumeMountBuilder()
                .withName(name)
                .withMountPath(path)
                .withReadOnly(readOnly ? true : null)
                .build();
    }

    private static EnvVar variable(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private static String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
