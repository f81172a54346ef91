package dev.modelfamily.operator;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** Families for tests, written as a user writes them. */
public final class Families {
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    private static final String LEAST = """
            apiVersion: modelfamily.dev/v1alpha1
            kind: ModelFamily
            metadata: {name: tiny, namespace: models, uid: 11111111-2222-3333-4444-555555555555, resourceVersion: "7", generation: 1}
            spec:
              parent: {uri: hf://owner/name}
              data:
                training: {uri: 'pvc://texts/training.jsonl'}
                evaluation: [{name: held-out, uri: 'pvc://texts/evaluation.jsonl'}]
              storage: {persistentVolumeClaim: {claimName: models, path: /team-a/}}
              members:
                - {name: large, size: 80%, tokens: 1M}
                - {name: small, size: 50%, tokens: 1M}
            """;

    private Families() {}

    /** The least that a user writes. */
    public static ModelFamily least() {
        return read(LEAST);
    }

    /** The least, with further fields of the spec as YAML. */
    public static ModelFamily with(String fields) {
        return read(LEAST + fields.indent(2));
    }

    /** A family as it is written. */
    public static ModelFamily read(String yaml) {
        return SERIALIZATION.unmarshal(yaml, ModelFamily.class);
    }

    /** As it comes back from the API server. */
    public static ModelFamily throughTheApi(ModelFamily family) {
        return SERIALIZATION.unmarshal(SERIALIZATION.asJson(family), ModelFamily.class);
    }
}
