package dev.modelfamily.operator.pod;

import dev.modelfamily.api.v1alpha1.EvaluationSpec;
import dev.modelfamily.api.v1alpha1.MixPart;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.api.v1alpha1.ParentSpec;
import dev.modelfamily.api.v1alpha1.SecretRef;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The Secrets that open the parent and the texts, as files. Only the pod that fetches has them, and the operator reads none. A
 * Secret that is missing does not hold the pod back, so that the trainer says which file it lacks instead of waiting in silence.
 *
 * @param keys the keys that are shown, by the name of the Secret
 */
record Credentials(SortedMap<String, SortedSet<String>> keys) {
    /** The folder that shows a key as {@code NAME/KEY}. */
    static final String FOLDER = "/var/run/secrets/modelfamily.dev";

    private static final int READABLE_BY_GROUP = 0440;

    static Credentials of(ModelFamilySpec spec) {
        Stream<Optional<SecretRef>> references = Stream.of(
                        Stream.of(spec.parent()).map(ParentSpec::optionalCredentials),
                        spec.data().training().parts().stream().map(MixPart::optionalCredentials),
                        spec.data().calibration().parts().stream().map(MixPart::optionalCredentials),
                        spec.data().evaluation().stream().map(EvaluationSpec::optionalCredentials))
                .flatMap(all -> all);
        SortedMap<String, SortedSet<String>> keys = new TreeMap<>();
        references
                .flatMap(Optional::stream)
                .forEach(secret -> keys.computeIfAbsent(secret.name(), name -> new TreeSet<>())
                        .add(secret.key()));
        return new Credentials(keys);
    }

    List<Volume> volumes() {
        List<Volume> volumes = new ArrayList<>();
        keys.forEach((name, shown) -> volumes.add(new VolumeBuilder()
                .withName(volumeName(name))
                .withNewSecret()
                .withSecretName(name)
                .withOptional(true)
                .withDefaultMode(READABLE_BY_GROUP)
                .withItems(shown.stream()
                        .map(key -> new io.fabric8.kubernetes.api.model.KeyToPathBuilder()
                                .withKey(key)
                                .withPath(key)
                                .build())
                        .toList())
                .endSecret()
                .build()));
        return volumes;
    }

    List<VolumeMount> mounts() {
        return keys.keySet().stream()
                .map(name -> new VolumeMountBuilder()
                        .withName(volumeName(name))
                        .withMountPath(FOLDER + "/" + name)
                        .withReadOnly(true)
                        .build())
                .toList();
    }

    /** Names of Secrets are longer than names of volumes may be, and have dots; so they are counted. */
    private String volumeName(String secret) {
        return "secret-" + List.copyOf(((Map<String, ?>) keys).keySet()).indexOf(secret);
    }
}
