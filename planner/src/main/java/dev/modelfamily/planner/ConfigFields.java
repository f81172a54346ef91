package dev.modelfamily.planner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.util.Optional;

/**
 * Typed access to the fields of a {@code config.json}. A field that is {@code null} counts as absent, as it does in
 * transformers; every error is {@link ExitCode#BAD_DATA} and names the field and what it holds.
 *
 * @param json the object whose fields are read
 */
record ConfigFields(JsonNode json) {
    /** A field that must be a whole number above zero. */
    int count(String field) {
        return count(field, present(field).orElseThrow(() -> wrong("has no '" + field + "'")));
    }

    /** A field that is a whole number above zero where it is present. */
    int count(String field, int fallback) {
        return present(field).map(value -> count(field, value)).orElse(fallback);
    }

    private static int count(String field, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() <= 0) {
            throw wrong("has '" + field + "': " + value + " where a whole number above zero is needed");
        }
        return value.intValue();
    }

    /** A field that must be a finite number above zero. */
    double number(String field) {
        return number(field, present(field).orElseThrow(() -> wrong("has no '" + field + "'")));
    }

    /** A field that is a finite number above zero where it is present. */
    double number(String field, double fallback) {
        return present(field).map(value -> number(field, value)).orElse(fallback);
    }

    private static double number(String field, JsonNode value) {
        if (!value.isNumber() || !Double.isFinite(value.doubleValue()) || value.doubleValue() <= 0) {
            throw wrong("has '" + field + "': " + value + " where a number above zero is needed");
        }
        return value.doubleValue();
    }

    /** A field that is true or false where it is present. */
    boolean flag(String field, boolean fallback) {
        JsonNode value = present(field).orElse(BooleanNode.valueOf(fallback));
        if (!value.isBoolean()) {
            throw wrong("has '" + field + "': " + value + " where true or false is needed");
        }
        return value.booleanValue();
    }

    /** A field that must be a text. */
    String text(String field) {
        return text(field, present(field).orElseThrow(() -> wrong("has no '" + field + "'")));
    }

    /** A field that is a text where it is present. */
    String text(String field, String fallback) {
        return present(field).map(value -> text(field, value)).orElse(fallback);
    }

    private static String text(String field, JsonNode value) {
        if (!value.isTextual()) {
            throw wrong("has '" + field + "': " + value + " where a text is needed");
        }
        return value.textValue();
    }

    /** The fields of an object; empty where the field is absent. */
    ConfigFields object(String field) {
        JsonNode value = present(field).orElse(MissingNode.getInstance());
        if (!value.isMissingNode() && !value.isObject()) {
            throw wrong("has '" + field + "': " + value + " where an object is needed");
        }
        return new ConfigFields(value);
    }

    /** Whether there is nothing at all. */
    boolean isEmpty() {
        return json.isEmpty();
    }

    Optional<JsonNode> present(String field) {
        JsonNode value = json.path(field);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    static StageException wrong(String what) {
        return new StageException(ExitCode.BAD_DATA, "config.json " + what);
    }
}
