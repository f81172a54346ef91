package dev.modelfamily.operator.pod;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelfamily.api.v1alpha1.PodPatch;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Changes that a user wants of a pod: strategic merge patches, in the order of the list. Objects are merged field by field, a null
 * removes a field; lists of objects that Kubernetes merges by a key are merged by it, other lists are replaced.
 */
final class PodPatches {
    /** The key by which Kubernetes merges the lists of a pod, by the name of the list. */
    private static final Map<String, String> MERGE_KEYS = Map.ofEntries(
            Map.entry("containers", "name"),
            Map.entry("initContainers", "name"),
            Map.entry("volumes", "name"),
            Map.entry("env", "name"),
            Map.entry("volumeMounts", "mountPath"),
            Map.entry("volumeDevices", "devicePath"),
            Map.entry("ports", "containerPort"),
            Map.entry("imagePullSecrets", "name"),
            Map.entry("hostAliases", "ip"),
            Map.entry("resourceClaims", "name"),
            Map.entry("schedulingGates", "name"),
            Map.entry("topologySpreadConstraints", "topologyKey"));

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
    private static final TypeReference<LinkedHashMap<String, Object>> TREE = new TypeReference<>() {};

    private PodPatches() {}

    /**
     * The template with the patches applied.
     *
     * @throws UnsupportedFamilyException where what comes out is no pod template, with the manager of the patch
     */
    static PodTemplateSpec apply(PodTemplateSpec template, List<PodPatch> patches) {
        PodTemplateSpec patched = template;
        for (PodPatch patch : patches) {
            patched = apply(patched, patch);
        }
        return patched;
    }

    private static PodTemplateSpec apply(PodTemplateSpec template, PodPatch patch) {
        try {
            Map<String, Object> tree = JSON.readValue(SERIALIZATION.asJson(template), TREE);
            return SERIALIZATION.unmarshal(JSON.writeValueAsString(merged(tree, patch.patch())), PodTemplateSpec.class);
        } catch (JsonProcessingException | RuntimeException e) { // Fabric8 wraps what Jackson says
            throw new UnsupportedFamilyException("spec.trainer.podPatches: the patch of '" + patch.manager()
                    + "' does not give a pod template: " + e.getMessage());
        }
    }

    private static Map<String, Object> merged(Map<String, Object> base, Map<?, ?> patch) {
        Map<String, Object> merged = new LinkedHashMap<>(base);
        patch.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (value == null) {
                merged.remove(name);
            } else {
                merged.put(name, merged(name, merged.get(name), value));
            }
        });
        return merged;
    }

    private static Object merged(String name, Object base, Object patch) {
        if (patch instanceof Map<?, ?> changes) {
            return merged(base instanceof Map<?, ?> object ? tree(object) : Map.of(), changes);
        }
        if (patch instanceof List<?> items && base instanceof List<?> present && MERGE_KEYS.containsKey(name)) {
            return merged(MERGE_KEYS.get(name), present, items);
        }
        return patch;
    }

    private static List<Object> merged(String key, List<?> base, List<?> patch) {
        List<Object> merged = new ArrayList<>(base);
        for (Object item : patch) {
            Object identity = item instanceof Map<?, ?> object ? object.get(key) : item;
            int index = 0;
            while (index < merged.size() && !isNamed(merged.get(index), key, identity)) {
                index++;
            }
            if (index == merged.size()) {
                merged.add(item);
            } else {
                merged.set(index, merged("", merged.get(index), item));
            }
        }
        return merged;
    }

    private static boolean isNamed(Object item, String key, Object identity) {
        return item instanceof Map<?, ?> object && Objects.equals(object.get(key), identity);
    }

    private static Map<String, Object> tree(Map<?, ?> object) {
        Map<String, Object> tree = new LinkedHashMap<>();
        object.forEach((key, value) -> tree.put(String.valueOf(key), value));
        return tree;
    }
}
