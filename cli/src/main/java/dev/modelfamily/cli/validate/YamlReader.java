package dev.modelfamily.cli.validate;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads YAML as {@code kubectl} does: into JSON, with a plain {@code 3e-4} as a number and {@code yes} as true. A field that
 * is given twice is refused.
 */
final class YamlReader {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern YES = Pattern.compile("true|True|TRUE|yes|Yes|YES|on|On|ON");

    private final List<Problem> problems = new ArrayList<>();
    private final Map<JsonPointer, Place> places = new HashMap<>();
    private final Deque<Node> open = new ArrayDeque<>();

    private YamlReader() {}

    /**
     * What a file holds.
     *
     * @param problems that kept documents from being read as they were meant
     */
    record Content(List<Document> documents, List<Problem> problems) {}

    /** Reads all documents of a text; empty ones are left out. */
    static Content read(String text) {
        List<Document> documents = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        try {
            for (Node node : new Yaml(new LoaderOptions()).composeAll(new StringReader(text))) {
                if (!node.getTag().equals(Tag.NULL)) {
                    YamlReader reader = new YamlReader();
                    reader.places.put(JsonPointer.empty(), Place.of(node.getStartMark()));
                    JsonNode json = reader.json(node, JsonPointer.empty());
                    documents.add(new Document(json, reader.places));
                    problems.addAll(reader.problems);
                }
            }
        } catch (MarkedYAMLException e) {
            Place place = Optional.ofNullable(e.getProblemMark()).map(Place::of).orElse(Place.START);
            problems.add(new Problem("", place.line(), place.column(), "this is not YAML: " + e.getProblem()));
        } catch (YAMLException e) {
            problems.add(new Problem("", 1, 1, "this is not YAML: " + e.getMessage()));
        }
        return new Content(List.copyOf(documents), List.copyOf(problems));
    }

    private JsonNode json(Node node, JsonPointer at) {
        if (open.contains(node)) {
            report(node.getStartMark(), "an alias refers to the value that it is a part of");
            return JSON.nullNode();
        }
        open.push(node);
        JsonNode json = switch (node) {
            case MappingNode mapping -> object(mapping, at);
            case SequenceNode sequence -> array(sequence, at);
            case ScalarNode scalar -> scalar(scalar);
            default -> throw new IllegalStateException("no kind of YAML node: " + node.getNodeId());
        };
        open.pop();
        return json;
    }

    private ArrayNode array(SequenceNode sequence, JsonPointer at) {
        ArrayNode array = JSON.arrayNode();
        for (Node item : sequence.getValue()) {
            JsonPointer here = at.appendIndex(array.size());
            places.put(here, Place.of(item.getStartMark()));
            array.add(json(item, here));
        }
        return array;
    }

    private ObjectNode object(MappingNode mapping, JsonPointer at) {
        ObjectNode object = JSON.objectNode();
        Map<String, NodeTuple> fields = new LinkedHashMap<>();
        List<NodeTuple> merged = new ArrayList<>();
        for (NodeTuple field : mapping.getValue()) {
            if (field.getKeyNode().getTag().equals(Tag.MERGE)) {
                merged.addAll(merged(field.getValueNode()));
            } else {
                NodeTuple before = fields.put(name(field), field);
                if (before != null) {
                    report(
                            field.getKeyNode().getStartMark(),
                            "'" + name(field) + "' is given twice, first in line "
                                    + Place.of(before.getKeyNode().getStartMark())
                                            .line() + "; remove one");
                }
            }
        }
        merged.forEach(field -> fields.putIfAbsent(name(field), field));
        fields.forEach((name, field) -> {
            JsonPointer here = at.appendProperty(name);
            places.put(here, Place.of(field.getKeyNode().getStartMark()));
            object.set(name, json(field.getValueNode(), here));
        });
        return object;
    }

    /** The fields that {@code <<} brings in: of one mapping or of several, the first of which wins. */
    private List<NodeTuple> merged(Node node) {
        return switch (node) {
            case MappingNode mapping -> mapping.getValue();
            case SequenceNode several ->
                several.getValue().stream().flatMap(one -> merged(one).stream()).toList();
            default -> {
                report(node.getStartMark(), "'<<' takes a mapping or a list of mappings");
                yield List.of();
            }
        };
    }

    private static String name(NodeTuple field) {
        return field.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
    }

    private static JsonNode scalar(ScalarNode scalar) {
        String text = scalar.getValue();
        if (!scalar.isPlain()) {
            return JSON.textNode(text);
        }
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return JSON.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return JSON.booleanNode(YES.matcher(text).matches());
        }
        if (INTEGER.matcher(text).matches()) {
            BigInteger number = new BigInteger(text);
            return number.bitLength() < Long.SIZE ? JSON.numberNode(number.longValue()) : JSON.numberNode(number);
        }
        return NUMBER.matcher(text).matches() ? JSON.numberNode(Double.parseDouble(text)) : JSON.textNode(text);
    }

    private void report(Mark mark, String message) {
        Place place = Place.of(mark);
        problems.add(new Problem("", place.line(), place.column(), message));
    }
}
