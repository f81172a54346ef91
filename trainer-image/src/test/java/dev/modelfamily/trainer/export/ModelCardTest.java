package dev.modelfamily.trainer.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.Allocation;
import dev.modelfamily.api.v1alpha1.Recut;
import dev.modelfamily.api.v1alpha1.Truncation;
import dev.modelfamily.contract.Cut;
import dev.modelfamily.contract.Manifest;
import dev.modelfamily.planner.Linears;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.Parameters;
import dev.modelfamily.planner.Shapes;
import dev.modelfamily.trainer.stage.TinyFamily;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ModelCardTest {
    private static final ModelShape STOCK = Shapes.smollm2();

    private static ModelShape member() {
        TreeMap<String, Integer> ranks = new TreeMap<>();
        Linears.of(STOCK).forEach(linear -> ranks.put(linear.name(), linear.breakEven() / 2));
        return STOCK.withRanks(ranks);
    }

    private static String card(String parent, String license, long tokens) {
        Manifest manifest = new Manifest(
                1,
                "sha256:key",
                new TreeMap<>(),
                "sha256:input",
                "sha256:parent",
                parent,
                "sha256:data",
                new Cut(Truncation.Plain, Allocation.Uniform, Recut.Product, null, 1, 0, new TreeMap<>()),
                TinyFamily.recovery(3),
                Parameters.of(member()),
                new TreeMap<>(Map.of("docs", 1.25e7, "novel", 99.5)),
                new TreeMap<>(Map.of("docs", 20.5, "novel", 41.25)),
                new TreeMap<>());
        return new ModelCard("medium", license, member(), manifest, tokens).text();
    }

    @Test
    void aParentOfTheHubIsNamedInTheFrontMatter() {
        assertThat(card("hf://HuggingFaceTB/SmolLM2-135M@4f1c", "apache-2.0", 100))
                .startsWith("---\nlicense: apache-2.0\nbase_model: HuggingFaceTB/SmolLM2-135M\n");
    }

    @Test
    void aParentOfAFolderIsNamedInTheTextOnly() {
        assertThat(card("file:///models/mine", "", 100))
                .startsWith("---\nlibrary_name: transformers\n")
                .contains("`file:///models/mine`")
                .contains("name no licence");
    }

    @Test
    void bothRatioConventionsAreGiven() {
        assertThat(card("p", "mit", 100))
                .contains("| all parameters, embeddings included | 81,344,448 | 134,515,008 | 60.47 % |")
                .contains("| parameters of the block linears | 52,997,760 | 106,168,320 | 49.92 % |")
                .contains("210 of 210 linears are factored");
    }

    @Test
    void perplexitiesComeBySet() {
        assertThat(card("p", "mit", 1_000_000))
                .contains("| docs | 1.25e+07 | 20.500 |\n| novel | 99.500 | 41.250 |")
                .contains("trained on 1,000,000 tokens");
        assertThat(card("p", "mit", 0)).doesNotContain("trained on");
    }
}
