package dev.modelfamily.cli.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;

/** A walk over a value and its schema side by side. */
interface SchemaWalk {
    /** Called for every value that the schema speaks of. */
    void visit(JsonNode schema, JsonNode value, JsonPointer at);

    static void of(JsonNode schema, JsonNode value, SchemaWalk visitor) {
        walk(schema, value, JsonPointer.empty(), visitor);
    }

    private static void walk(JsonNode schema, JsonNode value, JsonPointer at, SchemaWalk visitor) {
        visitor.visit(schema, value, at);
        schema.path("properties").properties().forEach(field -> {
            if (value.has(field.getKey())) {
                walk(field.getValue(), value.get(field.getKey()), at.appendProperty(field.getKey()), visitor);
            }
        });
        if (value.isArray() && schema.has("items")) {
            for (int i = 0; i < value.size(); i++) {
                walk(schema.get("items"), value.get(i), at.appendIndex(i), visitor);
            }
        }
    }
}
