package dev.modelfamily.api.v1alpha1;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Families of the test resources, read as a Kubernetes client reads them. */
final class FamilyYaml {
    static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    private FamilyYaml() {}

    static ModelFamily read(String name) {
        try (InputStream in =
                Objects.requireNonNull(FamilyYaml.class.getResourceAsStream("/families/" + name + ".yaml"))) {
            return SERIALIZATION.unmarshal(in, ModelFamily.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
