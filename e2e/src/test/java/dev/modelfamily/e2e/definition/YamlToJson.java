package dev.modelfamily.e2e.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** Patches are sent as JSON and read better as YAML. */
final class YamlToJson {
    private YamlToJson() {}

    static String of(String yaml) {
        try {
            return new YAMLMapper().readTree(yaml).toString();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("this is not YAML: " + yaml, e);
        }
    }
}
