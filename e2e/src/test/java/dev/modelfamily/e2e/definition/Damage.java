package dev.modelfamily.e2e.definition;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A family with one value damaged.
 *
 * @param what was done, such as {@code /spec/suspend is a list}
 */
record Damage(String what, JsonNode family) {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** What each value is replaced by, in turn; most of it is of the wrong type, or at the edge of the right one. */
    private static final Map<String, JsonNode> REPLACEMENTS = new TreeMap<>(Map.of(
            "is null", JSON.nullNode(),
            "is true", JSON.booleanNode(true),
            "is zero", JSON.numberNode(0),
            "is a negative number", JSON.numberNode(-1),
            "is a fraction", JSON.numberNode(0.5),
            "is a huge number", JSON.numberNode(9_007_199_254_740_993L),
            "is an empty text", JSON.textNode(""),
            "is a text", JSON.textNode("x"),
            "is an empty list", JSON.arrayNode(),
            "is an empty mapping", JSON.objectNode()));

    /** The family with every value of its metadata and spec damaged in every way, one at a time. */
    static List<Damage> all(JsonNode family) {
        List<Damage> damages = new ArrayList<>();
        for (JsonPointer at : pointers(family, JsonPointer.empty(), new ArrayList<>())) {
            REPLACEMENTS.forEach((what, value) -> {
                if (!family.at(at).equals(value)) {
                    damages.add(new Damage(at + " " + what, replaced(family, at, value)));
                }
            });
            damages.add(new Damage(at + " is missing", removed(family, at)));
            if (family.at(at).isObject()) {
                damages.add(new Damage(
                        at + " has an unknown field",
                        replaced(family, at.appendProperty("nonsense"), JSON.numberNode(1))));
            }
            if (family.at(at).isArray() && !family.at(at).isEmpty()) {
                damages.add(new Damage(at + " has an item twice", repeated(family, at)));
            }
        }
        return damages;
    }

    @Override
    public String toString() {
        return what;
    }

    private static List<JsonPointer> pointers(JsonNode node, JsonPointer at, List<JsonPointer> found) {
        if (!at.matches()) {
            found.add(at);
        }
        node.properties().forEach(field -> pointers(field.getValue(), at.appendProperty(field.getKey()), found));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            pointers(node.get(i), at.appendIndex(i), found);
        }
        return found;
    }

    private static JsonNode replaced(JsonNode family, JsonPointer at, JsonNode value) {
        JsonNode copy = family.deepCopy();
        switch (copy.at(at.head())) {
            case ObjectNode object -> object.set(at.last().getMatchingProperty(), value);
            case ArrayNode array -> array.set(at.last().getMatchingIndex(), value);
            default -> throw new IllegalArgumentException(at + " is in no object and in no list");
        }
        return copy;
    }

    private static JsonNode removed(JsonNode family, JsonPointer at) {
        JsonNode copy = family.deepCopy();
        switch (copy.at(at.head())) {
            case ObjectNode object -> object.remove(at.last().getMatchingProperty());
            case ArrayNode array -> array.remove(at.last().getMatchingIndex());
            default -> throw new IllegalArgumentException(at + " is in no object and in no list");
        }
        return copy;
    }

    private static JsonNode repeated(JsonNode family, JsonPointer at) {
        JsonNode copy = family.deepCopy();
        ArrayNode list = (ArrayNode) copy.at(at);
        list.add(list.get(0).deepCopy());
        return copy;
    }
}
