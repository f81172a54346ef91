package dev.modelfamily.cli.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lists that are maps ({@code x-kubernetes-list-type: map}): no two items may have the same key. */
final class KeyCheck {
    private final JsonNode definition;

    KeyCheck(JsonNode definition) {
        this.definition = definition;
    }

    List<Finding> check(JsonNode family) {
        List<Finding> findings = new ArrayList<>();
        SchemaWalk.of(definition, family, (schema, value, at) -> {
            if (value.isArray() && schema.has("x-kubernetes-list-map-keys")) {
                findings.addAll(
                        repeated(schema.at("/x-kubernetes-list-map-keys/0").asText(), value, at));
            }
        });
        return findings;
    }

    private static List<Finding> repeated(String key, JsonNode list, JsonPointer at) {
        List<Finding> findings = new ArrayList<>();
        Map<JsonNode, Integer> seen = new HashMap<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode name = list.get(i).path(key);
            Integer before = name.isMissingNode() ? null : seen.putIfAbsent(name, i);
            if (before != null) {
                String message = name + " is also the " + key + " of item " + before + "; each must be its own";
                findings.add(new Finding(at.appendIndex(i).appendProperty(key), message, true));
            }
        }
        return findings;
    }
}
