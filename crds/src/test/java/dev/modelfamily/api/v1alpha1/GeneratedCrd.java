package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The custom resource definition made from the records by the Fabric8 generator, and what its annotations cannot say added:
 * lists that are maps, counts that may be written as numbers, columns in the order of the class.
 */
final class GeneratedCrd {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build();

    /** The key of each list that is a map, by the path of the list. */
    private static final Map<String, String> KEYS = Map.of(
            "spec.members", "name",
            "spec.data.evaluation", "name",
            "spec.publish", "name",
            "spec.trainer.podPatches", "manager",
            "spec.trainer.env", "name",
            "status.members", "name",
            "status.plan.members", "name",
            "status.conditions", "type");

    private static final Map<String, String> DESCRIPTIONS = Map.of(
            "", "One pre-trained language model and the smaller members that are to be made from it",
            "spec", "What the user wants",
            "status", "What was seen");

    private final ObjectNode crd;

    private GeneratedCrd(ObjectNode crd) {
        this.crd = crd;
    }

    /** The definition as the committed file should hold it. */
    static String yaml() {
        GeneratedCrd generated = new GeneratedCrd(generate());
        generated.complete();
        try {
            return YAML.writeValueAsString(generated.crd);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode generate() {
        Output output = new Output();
        new CRDGenerator()
                .customResourceClasses(ModelFamily.class)
                .forCRDVersions("v1")
                .withOutput(output)
                .detailedGenerate();
        try {
            return (ObjectNode) YAML.readTree(output.bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void complete() {
        ObjectNode version = (ObjectNode) crd.at("/spec/versions/0");
        orderColumns(version);
        ObjectNode schema = (ObjectNode) version.at("/schema/openAPIV3Schema");
        version.putObject("schema").set("openAPIV3Schema", completed(schema));
        ObjectNode root = (ObjectNode) version.at("/schema/openAPIV3Schema");
        root.putArray("required").add("spec");
        KEYS.forEach((path, key) -> makeMap((ObjectNode) root.at(pointer(path)), key));
        DESCRIPTIONS.forEach(
                (path, text) -> ((ObjectNode) root.at(path.isEmpty() ? "" : pointer(path))).put("description", text));
    }

    /** The generator sorts columns by path; people want them in the order of the class. */
    private static void orderColumns(ObjectNode version) {
        Map<String, JsonNode> byName = new LinkedHashMap<>();
        version.get("additionalPrinterColumns")
                .forEach(column -> byName.put(column.get("name").asText(), column));
        ArrayNode ordered = version.putArray("additionalPrinterColumns");
        for (AdditionalPrinterColumn column : ModelFamily.class.getAnnotationsByType(AdditionalPrinterColumn.class)) {
            ordered.add(Objects.requireNonNull(byName.get(column.name())));
        }
    }

    private static JsonNode completed(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode copy = YAML.createObjectNode();
                object.properties().forEach(field -> copy.set(field.getKey(), completed(field.getValue())));
                if (copy.path("x-kubernetes-int-or-string").asBoolean()) {
                    copy.put("pattern", Units.QUANTITY);
                }
                if (copy.path("pattern").asText().equals(Units.COUNT)) {
                    allowNumber(copy);
                }
                if (copy.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
                    copy.remove("additionalProperties");
                }
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = YAML.createArrayNode();
                array.forEach(item -> copy.add(completed(item)));
                yield copy;
            }
            case JsonNode number when number.isDouble() -> YAML.getNodeFactory().numberNode(number.longValue());
            default -> node;
        };
    }

    /** A count: {@code 250M}, or a number without quotes. */
    private static void allowNumber(ObjectNode property) {
        property.remove("type");
        property.put("x-kubernetes-int-or-string", true);
        property.put("maxLength", 20);
        property.put("minimum", 0);
        ArrayNode types = property.putArray("anyOf");
        types.addObject().put("type", "integer");
        types.addObject().put("type", "string");
    }

    /** A list that is merged, and kept unique, by a key of its items. */
    private static void makeMap(ObjectNode list, String key) {
        list.put("x-kubernetes-list-type", "map");
        list.putArray("x-kubernetes-list-map-keys").add(key);
        ObjectNode items = (ObjectNode) list.get("items");
        if (!items.has("required")) {
            items.putArray("required").add(key);
        }
    }

    private static String pointer(String path) {
        return "/properties/" + path.replace(".", "/properties/");
    }

    /** The generator's output, kept in memory. */
    private static final class Output extends CRDGenerator.AbstractCRDOutput<ByteArrayOutputStream> {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        protected ByteArrayOutputStream createStreamFor(String crdName) {
            return bytes;
        }
    }
}
