package dev.modelfamily.e2e.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.modelfamily.cli.validate.Problem;
import dev.modelfamily.cli.validate.Validator;
import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.SharedCluster;
import dev.modelfamily.e2e.definition.ApiServer.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is damaged in a family that uses every field, tool and API server agree on whether it is still one. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class DamageTest {
    private static final Path FULL = Path.of("..", "crds", "src", "test", "resources", "families", "full.yaml");

    /** Says where a request goes; what it says of itself is no matter of the definition. */
    private static final String ADDRESS = "/metadata/namespace";

    @Test
    void toolAndApiServerAgreeOnEveryDamage(ControlPlane cluster, @TempDir Path folder) throws IOException {
        Definitions.install(cluster);
        ApiServer server = new ApiServer(cluster);
        Validator validator = new Validator();
        JsonNode full = new YAMLMapper().readTree(FULL.toFile());
        ((ObjectNode) full.get("metadata")).putObject("labels").put("team", "a");
        ((ObjectNode) full.get("metadata")).putObject("annotations").put("example.com/why", "a test");
        Path file = folder.resolve("family.json");

        List<Damage> damages = Damage.all(full).stream()
                .filter(damage -> !damage.what().startsWith(ADDRESS))
                .toList();
        List<String> differences = new ArrayList<>();
        for (Damage damage : damages) {
            String text = damage.family().toString();
            List<Problem> problems = validator.validate(Files.writeString(file, text));
            Verdict verdict = server.judge(Definitions.MODELS, text);
            if (verdict.accepts() != problems.isEmpty()) {
                differences.add(damage + ": the tool says " + problems + ", the API server "
                        + (verdict.accepts() ? "accepts it" : verdict.message()));
            }
        }

        assertThat(damages).hasSizeGreaterThan(1000);
        assertThat(differences).isEmpty();
    }
}
