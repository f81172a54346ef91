package dev.modelfamily.e2e.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.SharedCluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a family may change, and when. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class ChangeTest {
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
    private static final String VOLUME = "persistentVolumeClaim: {claimName: models, path: a}";
    private static final String BUCKET = "s3: {bucket: models, prefix: a, region: eu}";

    private ControlPlane cluster;
    private String namespace;

    @BeforeEach
    void install(ControlPlane cluster) {
        this.cluster = cluster;
        Definitions.install(cluster);
        namespace = cluster.newNamespace("change");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{parent: {uri: 'hf://a/c'}}",
                "{parent: {revision: other}}",
                "{parent: {revision: null}}",
            })
    void theParentOfAFinishedMemberStays(String change) {
        Resource<GenericKubernetesResource> family = family(VOLUME);
        finishAMember(family);

        assertRefused(
                family,
                change,
                "spec.parent",
                "uri and revision of the parent cannot change once a member is finished; make a new family");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{storage: null}",
                "{storage: {persistentVolumeClaim: null, s3: {bucket: models}}}",
                "{storage: {persistentVolumeClaim: {claimName: other}}}",
                "{storage: {persistentVolumeClaim: {path: b}}}",
                "{storage: {persistentVolumeClaim: {path: null}}}",
            })
    void theVolumeOfAFinishedMemberStays(String change) {
        Resource<GenericKubernetesResource> family = family(VOLUME);
        finishAMember(family);

        assertRefused(
                family, change, "spec.storage", "the place of the members cannot change once a member is finished");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{storage: {s3: {bucket: other}}}",
                "{storage: {s3: {prefix: b}}}",
                "{storage: {s3: {prefix: null}}}",
                "{storage: {s3: null, persistentVolumeClaim: {claimName: models}}}",
            })
    void theBucketOfAFinishedMemberStays(String change) {
        Resource<GenericKubernetesResource> family = family(BUCKET);
        finishAMember(family);

        assertRefused(
                family, change, "spec.storage", "the place of the members cannot change once a member is finished");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{parent: {credentials: {name: other}}}",
                "{storage: {s3: {credentials: {name: other}, endpoint: 'https://minio:9000', region: us}}}",
                "{members: [{name: large, size: 80%, tokens: 1M}, {name: tiny, size: 10%, tokens: 1M}]}",
                "{suspend: true}",
            })
    void allElseMayChangeAfterAMemberIsFinished(String change) {
        Resource<GenericKubernetesResource> family = family(BUCKET);
        finishAMember(family);

        change(family, change);

        assertThat(family.get().getMetadata().getGeneration()).isEqualTo(2);
    }

    @Test
    void everythingMayChangeBeforeAMemberIsFinished() {
        Resource<GenericKubernetesResource> family = family(VOLUME);
        status(family, "{members: [{name: large, state: Running}]}");

        change(
                family,
                "{parent: {uri: 'hf://a/c', revision: null},"
                        + " storage: {persistentVolumeClaim: null, s3: {bucket: models}}}");

        assertThat(family.get().getMetadata().getGeneration()).isEqualTo(2);
    }

    @Test
    void aStatusIsWrittenWhileTheSpecIsOnlyJustValid() {
        Resource<GenericKubernetesResource> family = family(VOLUME);

        finishAMember(family);
        status(family, "{observedGeneration: 1, members: [{name: large, state: Succeeded, failures: 1}]}");

        assertThat(family.get().getMetadata().getGeneration()).isEqualTo(1);
        assertThat(family.get().<Integer>get("status", "observedGeneration")).isEqualTo(1);
    }

    private Resource<GenericKubernetesResource> family(String storage) {
        GenericKubernetesResource family =
                Serialization.unmarshal("""
                apiVersion: modelfamily.dev/v1alpha1
                kind: ModelFamily
                metadata: {generateName: family-, namespace: %s}
                spec:
                  parent: {uri: 'hf://a/b', revision: main}
                  data: {training: {uri: 'pvc://texts/train.txt'}}
                  storage: {%s}
                  members:
                    - {name: large, size: 80%%, tokens: 1M}
                    - {name: small, size: 50%%, tokens: 1M}
                """.formatted(namespace, storage), GenericKubernetesResource.class);
        return cluster.client().resource(cluster.client().resource(family).create());
    }

    private static void finishAMember(Resource<GenericKubernetesResource> family) {
        status(family, "{members: [{name: large, state: Succeeded}, {name: small, state: Pending}]}");
    }

    private static void status(Resource<GenericKubernetesResource> family, String status) {
        family.subresource("status").patch(MERGE, YamlToJson.of("{status: " + status + "}"));
    }

    private static void change(Resource<GenericKubernetesResource> family, String spec) {
        family.patch(MERGE, YamlToJson.of("{spec: " + spec + "}"));
    }

    private static void assertRefused(
            Resource<GenericKubernetesResource> family, String change, String path, String message) {
        assertThatThrownBy(() -> change(family, change))
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getStatus().getDetails().getCauses()).anySatisfy(cause -> {
                            assertThat(cause.getField()).isEqualTo(path);
                            assertThat(cause.getMessage()).contains(message);
                        }));
    }
}
