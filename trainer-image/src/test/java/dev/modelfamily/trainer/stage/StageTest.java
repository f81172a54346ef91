package dev.modelfamily.trainer.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.api.v1alpha1.OnDataEnd;
import dev.modelfamily.api.v1alpha1.Precision;
import dev.modelfamily.api.v1alpha1.Recut;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Manifest;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.Places;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.contract.StageResult;
import dev.modelfamily.trainer.export.Members;
import dev.modelfamily.trainer.torch.Torch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("torch")
class StageTest {
    @TempDir
    private Path folder;

    private TinyFamily family;

    @BeforeEach
    void makeParent() {
        // Tiny products are slower on many threads, and wait for each other where the machine is busy.
        Torch.setThreads(1);
        family = new TinyFamily(folder);
    }

    @Test
    void aStageEndsWithAMemberThatItsManifestDescribes() throws Exception {
        StageOrder order = family.order("large");
        StageResult result = Stages.run(order);

        Path output = Path.of(order.places().output());
        Manifest manifest = Members.verified(output);
        assertThat(result.digest()).isEqualTo(Members.digest(output));
        assertThat(Json.read(output.resolve("run.json"), StageResult.class)).isEqualTo(result);
        assertThat(manifest.files().keySet())
                .contains(
                        "config.json",
                        "model.safetensors",
                        "configuration_low_rank.py",
                        "modeling_low_rank.py",
                        "tokenizer.json",
                        "README.md",
                        "loss.jsonl",
                        "evaluation.jsonl",
                        "cut-errors.json")
                .doesNotContain("run.json", "manifest.json");
        assertThat(manifest.versions()).containsEntry("libtorch", "2.7.1").containsKeys("djl", "trainer");
        assertThat(Files.readAllLines(output.resolve("loss.jsonl"))).hasSize(20);
        assertThat(Files.readAllLines(output.resolve("evaluation.jsonl"))).hasSize(12);
        assertThat(Json.read(output.resolve("cut-errors.json"), JsonNode.class))
                .hasSize(manifest.cut().ranks().size())
                .allMatch(error -> error.asDouble() > 0 && error.asDouble() < 1);
        assertThat(result.perplexity().get("docs"))
                .isLessThan(result.perplexityBefore().get("docs"));
        assertThat(result.perplexityOfInput()).containsOnlyKeys("docs", "novel");
        assertThat(result.tokens()).isEqualTo(20 * 4 * TinyFamily.LENGTH);
        assertThat(result.ranks())
                .isEqualTo(Collections.min(manifest.cut().ranks().values()) + "-"
                        + Collections.max(manifest.cut().ranks().values()));
        assertThat(result.bytes()).isCloseTo(4 * result.parameters(), within(10_000L));
    }

    @Test
    void aChainCutsEachMemberFurther() {
        StageResult large = Stages.run(family.order("large"));
        ModelRef input = new ModelRef(large.path(), large.digest());
        StageResult product = Stages.run(family.order("product", input, 0.25, Recut.Product));
        StageResult factor = Stages.run(family.order("factor", input, 0.25, Recut.SingleFactor));

        assertThat(product.parameters()).isLessThan(large.parameters()).isEqualTo(factor.parameters());
        assertThat(product.perplexityOfInput()).isEmpty();
        assertThat(product.perplexity().get("docs"))
                .isLessThan(product.perplexityBefore().get("docs"));
    }

    @Test
    void aChainByThisProjectsOwnMethodWritesTheRanksThatItFound() throws Exception {
        StageResult large = Stages.run(family.standard(family.order("large"), 0.8));
        ModelRef input = new ModelRef(large.path(), large.digest());
        StageOrder order = family.standard(family.order("small", input, 0.25, Recut.Product), 0.6);
        StageResult small = Stages.run(order);

        long target = order.cut().targetParameters();
        assertThat(small.parameters()).isBetween(target - 100, target);
        Manifest manifest = Members.verified(Path.of(small.path()));
        assertThat(manifest.cut().ranks()).isNotEmpty();
        assertThat(manifest.cut().targetParameters()).isEqualTo(target);
        assertThat(small.perplexity().get("docs"))
                .isLessThan(small.perplexityBefore().get("docs"));
        List<String> losses = Files.readAllLines(Path.of(small.path(), "loss.jsonl"));
        assertThat(loss(losses.getLast())).isPositive();
        // The executor resumes or repeats it: the same bytes.
        var bytes = Stages.bytes(Path.of(small.path()));
        Files.delete(Path.of(small.path(), "manifest.json"));
        Stages.run(order);
        assertThat(Stages.bytes(Path.of(small.path()))).isEqualTo(bytes);
    }

    private static double loss(String line) throws Exception {
        return Json.mapper().readTree(line).path("loss").asDouble();
    }

    @Test
    void inHalfPrecisionTheWeightsStayWhole() throws Exception {
        StageOrder order = family.order("half");
        StageResult whole = Stages.run(order);
        StageResult half = Stages.run(Stages.with(
                Stages.with(
                        order,
                        new Places(
                                folder.resolve("out").toString(),
                                folder.resolve("checkpoints").toString())),
                Stages.recovery(order.recovery().tokens(), Precision.BFloat16)));

        assertThat(half.bytes()).isEqualTo(whole.bytes());
        assertThat(half.perplexityBefore()).isEqualTo(whole.perplexityBefore());
        assertThat(half.perplexity().get("docs"))
                .isNotEqualTo(whole.perplexity().get("docs"))
                .isCloseTo(whole.perplexity().get("docs"), withinPercentage(5));
    }

    @Test
    void withoutTokensTheMemberIsTheCut() throws Exception {
        StageOrder order = Stages.with(family.order("cut"), TinyFamily.recovery(0));
        StageResult result = Stages.run(order);

        assertThat(result.tokens()).isZero();
        assertThat(result.perplexity()).isEqualTo(result.perplexityBefore());
        assertThat(Path.of(result.path(), "loss.jsonl")).isEmptyFile();
        assertThat(Files.readAllLines(Path.of(result.path(), "evaluation.jsonl")))
                .hasSize(2);
    }

    @Test
    void trainingStopsAtTheEndOfTheDataWhereItIsNotRepeated() throws Exception {
        StageOrder order =
                Stages.with(family.order("short"), family.data("docs", 0), Stages.recovery(1_000_000, OnDataEnd.Stop));
        StageResult result = Stages.run(order);

        // 2,000 tokens are 62 sequences of 32 with a target each: 15 steps of 4.
        assertThat(result.tokens()).isEqualTo(15 * 4 * TinyFamily.LENGTH);
        List<String> lines = Files.readAllLines(Path.of(result.path(), "loss.jsonl"));
        JsonNode last = Json.mapper().readTree(lines.getLast());
        assertThat(last.path("tokens").asLong()).isEqualTo(result.tokens());
        // The course of the learning rate ends with the data, at a tenth of the peak.
        assertThat(last.path("learningRate").asDouble()).isCloseTo(3e-4, within(1e-9));
    }

    @Test
    void dataIsReadAgainWhereItIsRepeated() {
        StageOrder order =
                Stages.with(family.order("long"), family.data("docs", 0), Stages.recovery(4_000, OnDataEnd.Repeat));

        assertThat(Stages.run(order).tokens()).isEqualTo(4_000);
    }

    @Test
    void aFinishedMemberIsNotMadeAgain() throws Exception {
        StageOrder order = family.order("large");
        StageResult first = Stages.run(order);
        var written = Files.getLastModifiedTime(Path.of(first.path(), "manifest.json"));

        assertThat(Stages.run(order)).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(Path.of(first.path(), "manifest.json")))
                .isEqualTo(written);
    }

    @Test
    void aMemberChangedByHandIsMadeAgainWithTheSameBytes() throws Exception {
        StageOrder order = family.order("large");
        StageResult first = Stages.run(order);
        var bytes = Stages.bytes(Path.of(first.path()));
        Files.writeString(Path.of(first.path(), "config.json"), "{}");

        Stages.run(order);

        assertThat(Stages.bytes(Path.of(first.path()))).isEqualTo(bytes);
    }

    @Test
    void whatAKilledAttemptLeftIsDeletedAndWhatIsNotOursIsKept() throws Exception {
        StageOrder order = family.order("large");
        Path output = Path.of(order.places().output());
        TinyFamily.write(output.resolve("model-00001-of-00002.safetensors"), new byte[] {1, 2, 3});
        TinyFamily.write(output.resolve("model.safetensors.tmp"), new byte[] {1});
        TinyFamily.write(output.resolve("notes.txt"), new byte[] {'x'});

        Stages.run(order);

        assertThat(output.resolve("model-00001-of-00002.safetensors")).doesNotExist();
        assertThat(output.resolve("model.safetensors.tmp")).doesNotExist();
        assertThat(output.resolve("notes.txt")).exists();
        assertThat(Members.verified(output).files()).doesNotContainKey("notes.txt");
    }
}
