package dev.modelfamily.cli.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.StreamSupport;

/** Fields without a value. The API server takes an optional one for one that is not given. */
final class Nulls {
    private Nulls() {}

    /**
     * A value without the optional fields that are null. Those that are required stay, to be complained of, and so do those that
     * the schema does not speak of: in a patch, null has a meaning.
     */
    static JsonNode dropped(JsonNode schema, JsonNode value) {
        return switch (value) {
            case ObjectNode object -> {
                ObjectNode kept = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(field -> {
                    JsonNode known = schemaOf(field.getKey(), schema);
                    boolean optional = !known.isMissingNode() && !isRequired(field.getKey(), schema);
                    if (!optional || !field.getValue().isNull()) {
                        kept.set(field.getKey(), dropped(known, field.getValue()));
                    }
                });
                yield kept;
            }
            case ArrayNode array -> {
                ArrayNode kept = JsonNodeFactory.instance.arrayNode();
                array.forEach(item -> kept.add(dropped(schema.path("items"), item)));
                yield kept;
            }
            default -> value;
        };
    }

    private static JsonNode schemaOf(String field, JsonNode schema) {
        JsonNode property = schema.path("properties").path(field);
        return property.isMissingNode() ? schema.path("additionalProperties") : property;
    }

    private static boolean isRequired(String field, JsonNode schema) {
        return StreamSupport.stream(schema.path("required").spliterator(), false)
                .anyMatch(required -> required.asText().equals(field));
    }
}
