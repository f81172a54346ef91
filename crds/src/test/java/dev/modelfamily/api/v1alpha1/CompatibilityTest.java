package dev.modelfamily.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompatibilityTest {
    private static final YAMLMapper YAML = new YAMLMapper();

    @Test
    void whatAReleasedDefinitionAcceptedIsAcceptedStill() throws IOException {
        JsonNode now =
                YAML.readTree(Path.of("modelfamilies.modelfamily.dev.yaml").toFile());
        try (Stream<Path> released = Files.list(Path.of("released"))) {
            assertThat(released.filter(file -> file.toString().endsWith(".yaml")))
                    .allSatisfy(file -> assertThat(Compatibility.breaks(YAML.readTree(file.toFile()), now))
                            .as(file.toString())
                            .isEmpty());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{type: string}                        | {type: integer}                          | v1.f: was string, is now integer",
                "{x-kubernetes-int-or-string: true}    | {type: string}                           | v1.f: was integer or string, is now string",
                "{type: string, enum: [A, B]}          | {type: string, enum: [A]}                | v1.f: no longer takes B",
                "{type: string}                        | {type: string, enum: [A]}                | v1.f: now takes only [\"A\"]",
                "{type: string, pattern: a}            | {type: string, pattern: b}               | v1.f: must now match b",
                "{type: string}                        | {type: string, pattern: b}               | v1.f: must now match b",
                "{type: string, maxLength: 9}          | {type: string, maxLength: 8}             | v1.f: maxLength is now 8",
                "{type: integer}                       | {type: integer, minimum: 0}              | v1.f: minimum is now 0",
                "{type: object, properties: {g: {}}}   | {type: object}                           | v1.f.g: was removed",
                "{type: object, required: [g]}         | {type: object, required: [g, h]}         | v1.f.h: is now required",
                "{type: array, items: {maxLength: 9}}  | {type: array, items: {maxLength: 8}}     | v1.f[]: maxLength is now 8",
                "{additionalProperties: {type: string}} | {additionalProperties: {type: integer}} | v1.f.*: was string, is now integer",
                "{x-kubernetes-preserve-unknown-fields: true} | {}                                | 'v1.f: took any field, does so no longer'"
            })
    void aNarrowerFieldIsABreak(String before, String now, String sentence) throws IOException {
        assertThat(Compatibility.breaks(definition(before), definition(now))).containsExactly(sentence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{type: object, properties: {old: {type: string, maxLength: 9}, more: {type: string}}}",
                "{type: object, properties: {old: {type: string, maxLength: 10}}}",
                "{type: object, properties: {old: {type: string}}}",
                "{type: object, properties: {old: {x-kubernetes-int-or-string: true}}}"
            })
    void aWiderFieldIsNoBreak(String now) throws IOException {
        String before = "{type: object, required: [old], properties: {old: {type: string, maxLength: 9}}}";

        assertThat(Compatibility.breaks(definition(before), definition(now))).isEmpty();
    }

    @Test
    void aVersionThatIsGoneIsABreak() throws IOException {
        assertThat(Compatibility.breaks(definition("{}"), YAML.readTree("{spec: {versions: []}}")))
                .containsExactly("v1: the version was removed");
    }

    /** A definition of one version with one field {@code f}. */
    private static JsonNode definition(String schemaOfField) throws IOException {
        return YAML.readTree("{spec: {versions: [{name: v1, schema: {openAPIV3Schema: {properties: {f: " + schemaOfField
                + "}}}}]}}");
    }
}
