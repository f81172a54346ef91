package dev.modelfamily.operator.pod;

import dev.modelfamily.api.v1alpha1.MemberResources;
import dev.modelfamily.api.v1alpha1.MemberSpec;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.planner.Device;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What pods compute with: one GPU, unless the family asks for something else. */
public final class Compute {
    /** The resource of NVIDIA's device plugin. */
    static final String GPU = "nvidia.com/gpu";

    private static final String CPU = "cpu";
    /** Resources that every node has; what else a stage asks for is a device. */
    private static final Set<String> OF_EVERY_NODE = Set.of(CPU, "memory", "ephemeral-storage", "storage");

    private static final ResourceRequirements ONE_GPU = new ResourceRequirementsBuilder()
            .addToLimits(GPU, new Quantity("1"))
            .build();
    /** Fetching and tokenising stream their data, so they need little. */
    private static final ResourceRequirements OF_PREPARATION = new ResourceRequirementsBuilder()
            .addToRequests(CPU, new Quantity("500m"))
            .addToRequests("memory", new Quantity("1Gi"))
            .build();

    private Compute() {}

    /** The resources of a member's stage: its own, else the trainer's, else one GPU. */
    static ResourceRequirements ofStage(ModelFamilySpec spec, String member) {
        return spec.members().stream()
                .filter(known -> known.name().equals(member))
                .findFirst()
                .flatMap(MemberSpec::optionalResources)
                .filter(own -> !own.limits().isEmpty() || !own.requests().isEmpty())
                .map(Compute::requirements)
                .orElseGet(() -> ofTrainer(spec));
    }

    /** The resources of a pod that computes nothing: the trainer's, without devices. */
    static ResourceRequirements ofPreparation(ModelFamilySpec spec) {
        ResourceRequirements trainer = spec.trainer().resources();
        Map<String, Quantity> limits = common(trainer.getLimits());
        Map<String, Quantity> requests = common(trainer.getRequests());
        return limits.isEmpty() && requests.isEmpty()
                ? OF_PREPARATION
                : new ResourceRequirementsBuilder()
                        .withLimits(limits)
                        .withRequests(requests)
                        .build();
    }

    /** The device that stages run on, for estimates: a GPU by the name in the node selector, or the processor. */
    public static Device device(ModelFamilySpec spec, String usual) {
        ResourceRequirements resources = ofTrainer(spec);
        if (!hasDevice(resources)) {
            return Device.cpu(cores(resources));
        }
        return spec.trainer().nodeSelector().values().stream()
                .flatMap(label -> Stream.of(label.toUpperCase(Locale.ROOT).split("[^A-Z0-9]+")))
                .flatMap(word -> Device.gpu(word).stream())
                .findFirst()
                .or(() -> Device.gpu(usual))
                .orElseThrow(() -> new IllegalArgumentException("modelfamily.trainer.device: '" + usual
                        + "' is not a known GPU; give one of H200, H100, A100, L4"));
    }

    /** The threads of a stage: as many as it may use of the processor; 0, all, where it may use all or has a GPU. */
    static int threads(ResourceRequirements resources) {
        boolean limited =
                Optional.ofNullable(resources.getLimits()).orElse(Map.of()).containsKey(CPU);
        return limited && !hasDevice(resources) ? cores(resources) : 0;
    }

    private static ResourceRequirements ofTrainer(ModelFamilySpec spec) {
        ResourceRequirements trainer = spec.trainer().resources();
        boolean silent = isEmpty(trainer.getLimits())
                && isEmpty(trainer.getRequests())
                && Optional.ofNullable(trainer.getClaims())
                        .map(Collection::isEmpty)
                        .orElse(true);
        return silent ? ONE_GPU : trainer;
    }

    /** Whether a pod asks for more than every node has: the trainer then computes on a GPU, or ends. */
    static boolean hasDevice(ResourceRequirements resources) {
        boolean claims = Optional.ofNullable(resources.getClaims())
                .map(all -> !all.isEmpty())
                .orElse(false);
        return claims
                || Stream.of(resources.getLimits(), resources.getRequests())
                        .flatMap(amounts -> Optional.ofNullable(amounts).orElse(Map.of()).keySet().stream())
                        .anyMatch(name -> !OF_EVERY_NODE.contains(name) && !name.startsWith("hugepages-"));
    }

    private static int cores(ResourceRequirements resources) {
        return Stream.of(resources.getLimits(), resources.getRequests())
                .flatMap(amounts -> Optional.ofNullable(amounts.get(CPU)).stream())
                .map(Quantity::getNumericalAmount)
                .map(amount -> amount.setScale(0, RoundingMode.CEILING).intValue())
                .filter(cores -> cores > 0)
                .findFirst()
                .orElse(1);
    }

    private static ResourceRequirements requirements(MemberResources own) {
        return new ResourceRequirementsBuilder()
                .withLimits(own.limits())
                .withRequests(own.requests())
                .build();
    }

    private static Map<String, Quantity> common(Map<String, Quantity> amounts) {
        Map<String, Quantity> common =
                new TreeMap<>(Optional.ofNullable(amounts).orElse(Map.of()));
        common.keySet().retainAll(OF_EVERY_NODE);
        return common;
    }

    private static boolean isEmpty(Map<String, Quantity> amounts) {
        return amounts == null || amounts.isEmpty();
    }
}
