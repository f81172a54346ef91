package dev.modelfamily.cli.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * One document of a YAML file as JSON, and where each value stands in the file.
 *
 * @param places of each value by its pointer; of a field, the place of its name
 */
record Document(JsonNode json, Map<JsonPointer, Place> places) {
    /** The place of a value, or of the nearest one around it where it is missing. */
    Place place(JsonPointer pointer) {
        JsonPointer at = pointer;
        while (!places.containsKey(at)) {
            if (at.matches()) {
                return Place.START;
            }
            at = at.head();
        }
        return places.get(at);
    }

    /** How people write a pointer: {@code spec.members[2].size}. */
    String path(JsonPointer pointer) {
        StringBuilder path = new StringBuilder();
        JsonNode at = json;
        for (JsonPointer rest = pointer; !rest.matches(); rest = rest.tail()) {
            String segment = rest.getMatchingProperty();
            if (at.isArray()) {
                path.append('[').append(segment).append(']');
                at = at.path(rest.getMatchingIndex());
            } else {
                path.append(path.isEmpty() ? "" : ".").append(segment);
                at = at.path(segment);
            }
        }
        return path.toString();
    }

    Problem problem(JsonPointer pointer, String message) {
        Place place = place(pointer);
        return new Problem(path(pointer), place.line(), place.column(), message);
    }
}
