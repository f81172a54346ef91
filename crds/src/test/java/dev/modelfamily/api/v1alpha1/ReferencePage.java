package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The reference of all fields as Markdown, out of the definition: a section for each object, a row for each field. */
final class ReferencePage {
    private static final String HEAD = """
            # ModelFamily v1alpha1

            Every field of the resource, made from the definition. `./modelfamily validate FILE` says what is wrong with a file, with path and line.
            Parts of a pod (affinity, env, tolerations, resources) are those of Kubernetes.
            """;

    private final List<String> sections = new ArrayList<>();

    private ReferencePage() {}

    /**
     * The page.
     *
     * @param schema of the resource
     * @param foreign paths whose fields are documented by Kubernetes, each with a dot at its end
     */
    static String of(JsonNode schema, List<String> foreign) {
        ReferencePage page = new ReferencePage();
        for (String part : List.of("spec", "status")) {
            page.section(part, schema.get("properties").get(part), foreign);
        }
        return HEAD + String.join("", page.sections);
    }

    private void section(String path, JsonNode object, List<String> foreign) {
        StringBuilder text = new StringBuilder("\n## " + path + "\n\n");
        if (object.has("description") && !path.contains(".")) {
            text.append(object.get("description").asText()).append(".\n\n");
        }
        text.append("| field | type | meaning |\n|---|---|---|\n");
        List<String> required = new ArrayList<>();
        object.path("required").forEach(name -> required.add(name.asText()));
        int place = sections.size();
        sections.add("");
        for (Map.Entry<String, JsonNode> field : object.get("properties").properties()) {
            JsonNode schema = field.getValue();
            String needed = required.contains(field.getKey()) ? " (required)" : "";
            text.append("| `%s`%s | %s | %s |\n".formatted(field.getKey(), needed, type(schema), meaning(schema)));
            String below = path + "." + field.getKey();
            JsonNode inner = schema.has("items") ? schema.get("items") : schema;
            if (inner.has("properties") && !foreign.contains(below + ".")) {
                section(below + (schema.has("items") ? "[]" : ""), inner, foreign);
            }
        }
        sections.set(place, text.toString());
    }

    private static String type(JsonNode schema) {
        if (schema.has("enum")) {
            List<String> values = new ArrayList<>();
            schema.get("enum").forEach(value -> values.add("`" + value.asText() + "`"));
            return String.join(", ", values);
        }
        if (schema.has("items")) {
            return "list of " + schema.get("items").path("type").asText("object");
        }
        if (schema.has("additionalProperties")) {
            return "map";
        }
        return schema.path("x-kubernetes-int-or-string").asBoolean()
                ? "text or number"
                : schema.path("type").asText("any").replace("string", "text");
    }

    private static String meaning(JsonNode schema) {
        return schema.path("description").asText().replace("|", "\\|").replace("\n", " ");
    }
}
