package dev.modelfamily.e2e.operator;

/** Families as users write them. */
final class FamilyYaml {
    /** The claim that families are kept in. */
    static final String CLAIM = """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: models}
            spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}
            """;

    private FamilyYaml() {}

    /**
     * Three members, each from the one before.
     *
     * @param node that its pods go to
     * @param fields further ones of the spec, as YAML
     */
    static String of(String name, String node, String fields) {
        return """
                apiVersion: modelfamily.dev/v1alpha1
                kind: ModelFamily
                metadata: {name: %s}
                spec:
                  parent: {uri: hf://owner/name}
                  data:
                    training: {uri: 'pvc://models/training.jsonl'}
                    evaluation: [{name: held-out, uri: 'pvc://models/held-out.jsonl'}]
                  training: {batchTokens: 4096, sequenceLength: 256}
                  method: {preset: PLRD}
                  storage: {persistentVolumeClaim: {claimName: models}}
                  retry: {initialBackoff: 1s}
                  trainer:
                    image: trainer
                    nodeSelector: {kubernetes.io/hostname: %s}
                  members:
                    - {name: large, size: 80%%, tokens: 100k}
                    - {name: medium, size: 65%%, tokens: 100k}
                    - {name: small, size: 50%%, tokens: 100k}
                """.formatted(name, node) + fields.indent(2);
    }

    /** The same without a GPU, so that a node takes as many of its pods as there are. */
    static String withoutDevice(String name, String node) {
        return of(name, node, "").replace("image: trainer", "image: trainer\n    resources: {limits: {cpu: 1m}}");
    }

    /** The same, in the queue {@code gpu} of Kueue. */
    static String inQueue(String name, String node) {
        return of(name, node, "").replace("image: trainer", "image: trainer\n    queueName: gpu");
    }
}
