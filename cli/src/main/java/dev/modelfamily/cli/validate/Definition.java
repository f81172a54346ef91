package dev.modelfamily.cli.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** The custom resource definition, as it travels with the classes of the API. */
final class Definition {
    private static final YAMLMapper YAML = new YAMLMapper();

    private Definition() {}

    /** The schema of a family, with what the API server adds for every resource. */
    static JsonNode schema() {
        ObjectNode schema = (ObjectNode) read(ModelFamily.class, "modelfamilies.modelfamily.dev.yaml")
                .at("/spec/versions/0/schema/openAPIV3Schema");
        read(Definition.class, "every-resource.yaml")
                .properties()
                .forEach(field -> ((ObjectNode) schema.get("properties")).set(field.getKey(), field.getValue()));
        ArrayNode required = schema.withArray("required");
        List.of("apiVersion", "kind", "metadata").forEach(required::add);
        return schema;
    }

    private static JsonNode read(Class<?> beside, String name) {
        try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(name), name)) {
            return YAML.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
