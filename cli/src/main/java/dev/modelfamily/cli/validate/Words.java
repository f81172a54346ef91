package dev.modelfamily.cli.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.api.v1alpha1.Units;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What a violated keyword of the schema means, in words that say what to write instead. */
final class Words {
    private static final Map<String, String> PATTERNS = Map.of(
            Units.LABEL, "a name of small letters, digits and hyphens, such as small-2",
            Units.COUNT, "a count such as 65536, 250M or 1.2B",
            Units.SHARE, "a share such as 2% or 84.5%",
            Units.SIZE, "a share such as 80% or a count of parameters such as 3300M",
            Units.DECIMAL, "a number in quotes such as \"0.01\" or \"3e-4\"",
            Units.TEMPERATURE, "a number in quotes from 0.001 up and below 1000, such as \"1\" or \"2.5\"",
            Units.WEIGHT, "a number in quotes from 0 to 1, such as \"0.25\"",
            Units.QUANTITY, "a quantity such as 2, 500m or 64Gi",
            Units.DURATION, "a duration such as 90s, 30m, 1h30m or 7d");

    private final JsonNode definition;

    Words(JsonNode definition) {
        this.definition = definition;
    }

    /** The message for a keyword that a value violates. */
    String of(String keyword, JsonPointer at, JsonNode family) {
        JsonNode schema = schemaOf(at, family);
        JsonNode value = family.at(at);
        String limit = schema.path(keyword).asText();
        return switch (keyword) {
            case "type" -> type(schema, value);
            case "required" -> "is missing";
            case "additionalProperties" -> unknown(at, family);
            case "enum" -> unlisted(schema, value);
            case "pattern" -> value + " is not " + PATTERNS.getOrDefault(limit, "of the form " + limit);
            case "minimum" -> value + " is too small; the least is " + limit;
            case "maximum" -> value + " is too big; the most is " + limit;
            case "minLength" -> "is empty; give a value or leave the field out";
            case "maxLength" -> "has " + value.asText().length() + " characters; the most is " + limit;
            case "minItems" -> "is empty; give at least " + limit + " or leave the field out";
            case "maxItems" -> "has " + value.size() + " items; the most is " + limit;
            case "maxProperties" -> "has " + value.size() + " entries; the most is " + limit;
            default -> "violates '" + keyword + ": " + limit + "'";
        };
    }

    private static String type(JsonNode schema, JsonNode value) {
        if (value.isNull()) {
            return "is empty; give a value";
        }
        if (schema.has("enum")) {
            return unlisted(schema, value);
        }
        String form = PATTERNS.getOrDefault(
                schema.path("pattern").asText(), name(schema.path("type").asText()));
        if (value.isBoolean() && !form.equals(name("boolean"))) {
            String others = value.booleanValue() ? "yes and on as true" : "no and off as false";
            return "must be " + form + ", not " + value + " (YAML reads " + others + "); write it in quotes";
        }
        return "must be " + form + ", not " + kind(value) + (form.equals("text") ? "; write it in quotes" : "");
    }

    private static String unlisted(JsonNode schema, JsonNode value) {
        return "must be " + choices(schema.get("enum")) + ", not " + value;
    }

    private static String name(String type) {
        return switch (type) {
            case "string" -> "text";
            case "integer" -> "a whole number";
            case "boolean" -> "true or false";
            case "array" -> "a list";
            case "object" -> "a mapping of fields";
            default -> "a " + type;
        };
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "text";
            case NUMBER ->
                "the number "
                        + new BigDecimal(value.asText()).stripTrailingZeros().toPlainString();
            case BOOLEAN -> "true or false";
            case ARRAY -> "a list";
            case OBJECT -> "a mapping of fields";
            default -> "nothing";
        };
    }

    private static String choices(JsonNode values) {
        List<String> names = new ArrayList<>();
        values.forEach(value -> names.add(value.asText()));
        return names.size() == 1 ? names.get(0) : "one of " + String.join(", ", names);
    }

    private String unknown(JsonPointer at, JsonNode family) {
        String name = at.last().getMatchingProperty();
        List<String> known = new ArrayList<>();
        schemaOf(at.head(), family).path("properties").fieldNames().forEachRemaining(known::add);
        return known.stream()
                .filter(candidate -> distance(name, candidate) <= Math.max(1, name.length() / 3))
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .map(nearest -> "is not a field here; did you mean " + nearest + "?")
                .orElse("is not a field here; there are " + String.join(", ", known));
    }

    private JsonNode schemaOf(JsonPointer at, JsonNode family) {
        JsonNode schema = definition;
        JsonNode value = family;
        for (JsonPointer rest = at; !rest.matches(); rest = rest.tail()) {
            String name = rest.getMatchingProperty();
            JsonNode field = schema.path("properties").path(name);
            JsonNode entry = field.isMissingNode() ? schema.path("additionalProperties") : field;
            schema = value.isArray() ? schema.path("items") : entry;
            value = value.isArray() ? value.path(rest.getMatchingIndex()) : value.path(name);
        }
        return schema;
    }

    /** How many letters must change to make one name of the other (Levenshtein), whatever their case. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                boolean same = Character.toLowerCase(one.charAt(i - 1)) == Character.toLowerCase(other.charAt(j - 1));
                int changed = diagonal + (same ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
