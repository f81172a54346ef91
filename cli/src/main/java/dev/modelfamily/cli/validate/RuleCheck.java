package dev.modelfamily.cli.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.NullValue;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * The rules of the definition in the Common Expression Language, as the API server checks them when a family is created: rules
 * about a change ({@code oldSelf}) have nothing to say.
 */
final class RuleCheck {
    /** A message that begins with the path of what it speaks of, relative to the rule's value. */
    private static final Pattern WITH_PATH =
            Pattern.compile("((?:[a-zA-Z]+(?:\\[[^\\]]+\\])?)(?:\\.[a-zA-Z]+)*): (.+)");

    private static final Pattern STEP = Pattern.compile("([a-zA-Z]+)|\\[([^\\]]+)\\]");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Cel cel = CelFactory.plannerCelBuilder()
            .addVar("self", SimpleType.DYN)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addCompilerLibraries(CelExtensions.strings())
            .addRuntimeLibraries(CelExtensions.strings())
            .build();
    private final Map<String, CelRuntime.Program> programs = new HashMap<>();
    private final JsonNode definition;

    RuleCheck(JsonNode definition) {
        this.definition = definition;
    }

    /**
     * All rules that do not hold.
     *
     * @param known what is wrong already: a rule over a value with a blocking problem in it is not asked
     */
    List<Finding> check(JsonNode family, List<Finding> known) {
        List<Finding> findings = new ArrayList<>();
        SchemaWalk.of(definition, family, (schema, value, at) -> {
            boolean judged = known.stream().noneMatch(finding -> finding.blocking() && finding.isWithin(at));
            for (JsonNode rule : schema.path("x-kubernetes-validations")) {
                boolean ofChange = rule.get("rule").asText().contains("oldSelf");
                if (judged && !ofChange && !holds(rule, value)) {
                    findings.add(finding(rule, value, at));
                }
            }
        });
        return findings;
    }

    private boolean holds(JsonNode rule, JsonNode value) {
        return Boolean.TRUE.equals(evaluate(rule.get("rule").asText(), value));
    }

    private Finding finding(JsonNode rule, JsonNode value, JsonPointer at) {
        if (rule.has("fieldPath")) {
            JsonPointer field =
                    JsonPointer.compile(rule.get("fieldPath").asText().replace('.', '/'));
            JsonNode given = value.at(field);
            String message = rule.get("message").asText();
            return new Finding(
                    at.append(field), given.isValueNode() ? "is " + given.asText() + "; " + message : message, false);
        }
        String message = rule.has("messageExpression")
                ? evaluate(rule.get("messageExpression").asText(), value).toString()
                : rule.get("message").asText();
        Matcher path = WITH_PATH.matcher(message);
        return path.matches()
                ? new Finding(at.append(pointer(path.group(1), value)), path.group(2), false)
                : new Finding(at, message, false);
    }

    /** The pointer of a path such as {@code members[small].size}, where the item of a list is named by its name. */
    private static JsonPointer pointer(String path, JsonNode value) {
        JsonPointer pointer = JsonPointer.empty();
        Matcher step = STEP.matcher(path);
        while (step.find()) {
            if (step.group(1) != null) {
                pointer = pointer.appendProperty(step.group(1));
            } else {
                JsonNode list = value.at(pointer);
                int index = 0;
                while (index < list.size()
                        && !list.get(index).path("name").asText().equals(step.group(2))) {
                    index++;
                }
                pointer = pointer.appendIndex(index);
            }
        }
        return pointer;
    }

    private Object evaluate(String expression, JsonNode value) {
        try {
            return program(expression).eval(Map.of("self", plain(value)));
        } catch (CelEvaluationException e) {
            return "a rule could not be checked: " + e.getMessage();
        }
    }

    /** As the library takes it, which knows no Java null. */
    private static Object plain(JsonNode value) {
        return switch (value) {
            case ObjectNode object -> {
                Map<String, Object> fields = new HashMap<>();
                object.properties().forEach(field -> fields.put(field.getKey(), plain(field.getValue())));
                yield fields;
            }
            case ArrayNode array ->
                StreamSupport.stream(array.spliterator(), false)
                        .map(RuleCheck::plain)
                        .toList();
            case NullNode _ -> NullValue.NULL_VALUE;
            default -> JSON.convertValue(value, Object.class);
        };
    }

    private CelRuntime.Program program(String expression) {
        return programs.computeIfAbsent(expression, text -> {
            try {
                return cel.createProgram(cel.compile(text).getAst());
            } catch (CelValidationException | CelEvaluationException e) {
                throw new IllegalStateException("the definition has a rule that cannot be read: " + text, e);
            }
        });
    }
}
