package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether a definition accepts all that an older one accepted, as far as the structure of the schema tells: rules in the
 * Common Expression Language are not compared, and a pattern that differs counts as narrower.
 */
final class Compatibility {
    private static final List<String> UPPER_LIMITS = List.of("maxLength", "maxItems", "maxProperties", "maximum");
    private static final List<String> LOWER_LIMITS = List.of("minLength", "minItems", "minProperties", "minimum");

    private final List<String> breaks = new ArrayList<>();

    private Compatibility() {}

    /** What the older definition accepted and the newer one does not; one sentence each, by path. */
    static List<String> breaks(JsonNode older, JsonNode newer) {
        Compatibility compatibility = new Compatibility();
        older.at("/spec/versions").forEach(version -> {
            String name = version.get("name").asText();
            JsonNode now = version(newer, name);
            if (now.isMissingNode()) {
                compatibility.breaks.add(name + ": the version was removed");
            } else {
                compatibility.compare(name, version.at("/schema/openAPIV3Schema"), now.at("/schema/openAPIV3Schema"));
            }
        });
        return compatibility.breaks;
    }

    private static JsonNode version(JsonNode definition, String name) {
        for (JsonNode version : definition.at("/spec/versions")) {
            if (version.get("name").asText().equals(name)) {
                return version;
            }
        }
        return definition.path("no such version");
    }

    private void compare(String path, JsonNode older, JsonNode newer) {
        compareType(path, older, newer);
        compareChoices(path, older, newer);
        compareLimits(path, older, newer);
        Set<String> required = texts(newer.path("required"));
        required.removeAll(texts(older.path("required")));
        required.forEach(field -> breaks.add(path + "." + field + ": is now required"));
        older.path("properties").properties().forEach(field -> {
            String here = path + "." + field.getKey();
            JsonNode now = newer.path("properties").path(field.getKey());
            if (!now.isMissingNode()) {
                compare(here, field.getValue(), now);
            } else if (!newer.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
                breaks.add(here + ": was removed");
            }
        });
        for (String children : List.of("items", "additionalProperties")) {
            if (older.has(children)) {
                compare(path + (children.equals("items") ? "[]" : ".*"), older.get(children), newer.path(children));
            }
        }
    }

    private void compareType(String path, JsonNode older, JsonNode newer) {
        String before = type(older);
        String now = type(newer);
        boolean wider = now.equals("integer or string") && (before.equals("integer") || before.equals("string"));
        if (!before.equals(now) && !wider) {
            breaks.add(path + ": was " + before + ", is now " + now);
        }
        if (open(older) && !open(newer)) {
            breaks.add(path + ": took any field, does so no longer");
        }
    }

    private void compareChoices(String path, JsonNode older, JsonNode newer) {
        if (newer.has("enum")) {
            Set<String> lost = texts(older.path("enum"));
            lost.removeAll(texts(newer.get("enum")));
            lost.forEach(choice -> breaks.add(path + ": no longer takes " + choice));
            if (!older.has("enum")) {
                breaks.add(path + ": now takes only " + newer.get("enum"));
            }
        }
        if (newer.has("pattern") && !newer.get("pattern").equals(older.path("pattern"))) {
            breaks.add(path + ": must now match " + newer.get("pattern").asText());
        }
    }

    private void compareLimits(String path, JsonNode older, JsonNode newer) {
        for (String limit : UPPER_LIMITS) {
            double before = older.path(limit).asDouble(Double.POSITIVE_INFINITY);
            if (newer.path(limit).asDouble(Double.POSITIVE_INFINITY) < before) {
                breaks.add(path + ": " + limit + " is now " + newer.get(limit).asText());
            }
        }
        for (String limit : LOWER_LIMITS) {
            double before = older.path(limit).asDouble(Double.NEGATIVE_INFINITY);
            if (newer.path(limit).asDouble(Double.NEGATIVE_INFINITY) > before) {
                breaks.add(path + ": " + limit + " is now " + newer.get(limit).asText());
            }
        }
    }

    private static String type(JsonNode schema) {
        return schema.path("x-kubernetes-int-or-string").asBoolean()
                ? "integer or string"
                : schema.path("type").asText("any type");
    }

    private static boolean open(JsonNode schema) {
        return schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
    }

    private static Set<String> texts(JsonNode values) {
        Set<String> texts = new HashSet<>();
        values.forEach(value -> texts.add(value.asText()));
        return texts;
    }
}
