package dev.modelfamily.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/** A family as a file that makes it again: its name, labels and spec, without what a server or a run added. */
final class FamilyYaml {
    private FamilyYaml() {}

    static String of(ModelFamily family) {
        ObjectNode json = LenientJson.MAPPER.valueToTree(family);
        ObjectNode file = LenientJson.MAPPER.createObjectNode();
        file.set("apiVersion", json.path("apiVersion"));
        file.set("kind", json.path("kind"));
        ObjectNode metadata = file.putObject("metadata");
        for (String field : new String[] {"name", "namespace", "labels"}) {
            if (!json.path("metadata").path(field).isEmpty()
                    || json.path("metadata").path(field).isTextual()) {
                metadata.set(field, json.path("metadata").path(field));
            }
        }
        file.set("spec", json.path("spec"));
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(FlowStyle.BLOCK);
        options.setSplitLines(false);
        return new Yaml(new Quoting(options), options).dump(LenientJson.MAPPER.convertValue(file, Map.class));
    }

    /** Quotes every text that any reader of YAML might take for something else, such as 3e-4 or no. */
    private static final class Quoting extends Representer {
        private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9_./-]*(:[A-Za-z0-9_./-]+)?");
        private static final Pattern WORD =
                Pattern.compile("true|false|yes|no|on|off|y|n|null|nan|inf", Pattern.CASE_INSENSITIVE);

        Quoting(DumperOptions options) {
            super(options);
        }

        @Override
        protected Node representScalar(Tag tag, String value, ScalarStyle style) {
            boolean plain =
                    PLAIN.matcher(value).matches() && !WORD.matcher(value).matches();
            return super.representScalar(
                    tag, value, tag.equals(Tag.STR) && !plain ? ScalarStyle.DOUBLE_QUOTED : ScalarStyle.PLAIN);
        }
    }
}
