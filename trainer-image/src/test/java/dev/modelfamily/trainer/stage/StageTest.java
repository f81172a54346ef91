package dev.modelfamily.trainer.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Manifest;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.contract.StageResult;
import dev.modelfamily.trainer.export.Members;
import dev.modelfamily.trainer.recover.StopSignal;
import dev.modelfamily.trainer.report.Reporter;
import dev.modelfamily.trainer.torch.Torch;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
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

    static StageResult run(StageOrder order) {
        return run(order, new StopSignal());
    }

    static StageResult run(StageOrder order, StopSignal stop) {
        try (Reporter reporter = new Reporter(
                new PrintStream(OutputStream.nullOutputStream()),
                order.key(),
                order.member(),
                order.attempt(),
                order.reporting())) {
            return Stage.run(order, reporter, stop);
        }
    }

    @Test
    void aStageEndsWithAMemberThatItsManifestDescribes() throws Exception {
        StageOrder order = family.order("large");
        StageResult result = run(order);

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
                        "evaluation.jsonl")
                .doesNotContain("run.json", "manifest.json");
        assertThat(Files.readAllLines(output.resolve("loss.jsonl"))).hasSize(20);
        assertThat(Files.readAllLines(output.resolve("evaluation.jsonl"))).hasSize(12);
        assertThat(result.perplexity().get("docs"))
                .isLessThan(result.perplexityBefore().get("docs"));
        assertThat(result.perplexityOfInput()).containsOnlyKeys("docs", "novel");
        assertThat(result.tokens()).isEqualTo(20 * 4 * TinyFamily.LENGTH);
        assertThat(result.bytes()).isCloseTo(4 * result.parameters(), within(10_000L));
    }
}
