package dev.modelfamily.cli.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The schema of the definition, read as the API server reads it: strict, and with the extensions of Kubernetes. */
final class SchemaCheck {
    private static final Set<String> BLOCKING =
            Set.of("type", "required", "additionalProperties", "maxLength", "maxItems", "maxProperties");

    private final Schema schema;
    private final JsonNode definition;

    SchemaCheck(JsonNode definition) {
        this.definition = definition;
        this.schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(strict(definition).toString(), InputFormat.JSON);
    }

    /** All that the schema finds wrong, in the order of the document; of a value of the wrong type, only that. */
    List<Finding> check(JsonNode family) {
        List<Error> errors = schema.validate(family.toString(), InputFormat.JSON);
        Set<NodePath> ofWrongType = errors.stream()
                .filter(error -> error.getKeyword().equals("type"))
                .map(Error::getInstanceLocation)
                .collect(Collectors.toSet());
        return errors.stream()
                .filter(error ->
                        error.getKeyword().equals("type") || !ofWrongType.contains(error.getInstanceLocation()))
                .map(error -> finding(error, family))
                .distinct()
                .toList();
    }

    private Finding finding(Error error, JsonNode family) {
        JsonPointer around = JsonPointer.compile(error.getInstanceLocation().toString());
        JsonPointer at = error.getProperty() == null ? around : around.appendProperty(error.getProperty());
        String message = new Words(definition).of(error.getKeyword(), at, family);
        return new Finding(at, message, BLOCKING.contains(error.getKeyword()));
    }

    /** The schema in terms of JSON Schema: unknown fields refused, a number or a text where either is meant. */
    private static JsonNode strict(JsonNode node) {
        if (!node.isObject()) {
            return node;
        }
        ObjectNode strict = JsonNodeFactory.instance.objectNode();
        node.properties().forEach(keyword -> {
            JsonNode value = keyword.getValue();
            switch (keyword.getKey()) {
                case "properties" -> {
                    ObjectNode properties = strict.putObject("properties");
                    value.properties().forEach(field -> properties.set(field.getKey(), strict(field.getValue())));
                }
                case "items", "additionalProperties" -> strict.set(keyword.getKey(), strict(value));
                case "description", "anyOf", "nullable" -> {}
                default -> {
                    if (!keyword.getKey().startsWith("x-kubernetes-")) {
                        strict.set(keyword.getKey(), value);
                    }
                }
            }
        });
        if (node.path("x-kubernetes-int-or-string").asBoolean()) {
            strict.putArray("type").add("integer").add("string");
        }
        if (node.path("nullable").asBoolean()) {
            strict.putArray("type").add(node.get("type").asText()).add("null");
        }
        boolean open = node.path("x-kubernetes-preserve-unknown-fields").asBoolean()
                || node.has("additionalProperties")
                || !node.has("properties");
        if (!open) {
            strict.put("additionalProperties", false);
        }
        return strict;
    }
}
