package dev.modelfamily.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CrdTest {
    private static final Path COMMITTED = Path.of("modelfamilies.modelfamily.dev.yaml");
    private static final Path REFERENCE = Path.of("../docs/reference/modelfamily.md");
    /** Parts of a pod, whose documentation is that of Kubernetes. */
    private static final List<String> PARTS_OF_KUBERNETES = List.of(
            "spec.trainer.affinity.",
            "spec.trainer.env.",
            "spec.trainer.imagePullSecrets.",
            "spec.trainer.resources.",
            "spec.trainer.tolerations.",
            "status.conditions.");

    @BeforeAll
    static void writeAnewWhereAsked() throws IOException {
        if (Boolean.getBoolean("crd.update")) {
            Files.writeString(COMMITTED, GeneratedCrd.yaml());
            Files.createDirectories(REFERENCE.getParent());
            Files.writeString(REFERENCE, ReferencePage.of(schema(), PARTS_OF_KUBERNETES));
        }
    }

    @Test
    void theReferencePageIsTheOneOfTheDefinition() throws IOException {
        assertThat(REFERENCE)
                .as("docs/reference/modelfamily.md: write it again with:  ./mvnw -pl crds test -Dcrd.update=true")
                .exists()
                .hasContent(ReferencePage.of(schema(), PARTS_OF_KUBERNETES));
    }

    @Test
    void theCommittedDefinitionIsTheOneOfTheRecords() {
        assertThat(COMMITTED)
                .as(
                        "crds/%s differs from the records; write it again with:  ./mvnw -pl crds test -Dcrd.update=true",
                        COMMITTED)
                .exists()
                .hasContent(GeneratedCrd.yaml());
    }

    @Test
    void everyFieldIsDescribed() throws IOException {
        List<String> silent = new ArrayList<>();
        collectSilent("", schema(), silent);

        assertThat(silent).isEmpty();
    }

    @Test
    void everyTextAndListThatARuleMayReadHasALimit() throws IOException {
        List<String> unlimited = new ArrayList<>();
        collectUnlimited("", schema(), unlimited);

        assertThat(unlimited).isEmpty();
    }

    @Test
    void everyRuleHasAMessage() throws IOException {
        assertThat(schema().findValues("x-kubernetes-validations"))
                .allSatisfy(rules ->
                        assertThat(rules).allMatch(rule -> rule.has("message") != rule.has("messageExpression")));
    }

    @Test
    void kubectlShowsTheColumnsInThisOrder() throws IOException {
        assertThat(crd().at("/spec/versions/0/additionalPrinterColumns").findValuesAsText("name"))
                .containsExactly(
                        "Phase", "Members", "Progress", "ETA", "Perplexity", "Age", "Queue", "GPU-hours", "Parent");
    }

    private static JsonNode crd() throws IOException {
        return new YAMLMapper().readTree(COMMITTED.toFile());
    }

    private static JsonNode schema() throws IOException {
        return crd().at("/spec/versions/0/schema/openAPIV3Schema");
    }

    private static void collectSilent(String path, JsonNode schema, List<String> silent) {
        schema.path("properties").properties().forEach(field -> {
            String name = path + field.getKey();
            if (PARTS_OF_KUBERNETES.stream().noneMatch(name::startsWith)) {
                if (!field.getValue().has("description")) {
                    silent.add(name);
                }
                collectSilent(name + ".", field.getValue(), silent);
                collectSilent(name + ".", field.getValue().path("items"), silent);
            }
        });
    }

    private static void collectUnlimited(String path, JsonNode schema, List<String> unlimited) {
        schema.path("properties").properties().forEach(field -> {
            String name = path + field.getKey();
            JsonNode property = field.getValue();
            if (PARTS_OF_KUBERNETES.stream().noneMatch(name::startsWith)) {
                boolean text = property.path("type").asText().equals("string")
                        && !property.has("enum")
                        && !property.has("maxLength");
                boolean list = property.path("type").asText().equals("array") && !property.has("maxItems");
                if (text || list) {
                    unlimited.add(name);
                }
                collectUnlimited(name + ".", property, unlimited);
                collectUnlimited(name + ".", property.path("items"), unlimited);
            }
        });
    }
}
