package dev.modelfamily.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.cli.folder.Trees;
import dev.modelfamily.cli.run.Workbench.Ended;
import dev.modelfamily.contract.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One family made by the real trainer, and what people do with it. */
@Tag("torch")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealTrainerTest {
    @TempDir
    private static Path home;

    private static Workbench bench;
    private static SortedMap<String, String> undisturbed;

    @BeforeAll
    static void aFamilyIsMade() throws Exception {
        bench = Workbench.withRealTrainer(home);
        Ended run = bench.run("--threads", "1");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("large   Succeeded", "medium  Succeeded", "small   Succeeded");
        undisturbed = bench.members();
    }

    @Test
    @Order(1)
    void aMemberIsMeasuredAsItsTableSays() throws Exception {
        Ended evaluate = bench.toolInProcess(
                "evaluate",
                bench.folder().members().resolve("small").toString(),
                "--text",
                home.resolve("docs.txt").toString(),
                "--context",
                "64",
                "--max-windows",
                "100",
                "--output",
                "json");

        assertThat(evaluate.code()).as(evaluate.err()).isZero();
        JsonNode measured = Json.mapper().readTree(evaluate.out());
        MemberStatus small = bench.recorded().getStatus().member("small").orElseThrow();
        double recorded = Double.parseDouble(
                small.optionalResult().orElseThrow().perplexity().get("docs"));
        assertThat(measured.path("perplexity").asDouble()).isCloseTo(recorded, within(1e-3 * recorded));
    }

    @Test
    @Order(2)
    void aMemberIsExportedAsAStockCheckpoint() throws Exception {
        Path dense = home.resolve("dense");

        Ended export = bench.toolInProcess(
                "export", bench.folder().members().resolve("small").toString(), "--dense", "--out", dense.toString());

        assertThat(export.code()).as(export.err()).isZero();
        assertThat(Json.mapper()
                        .readTree(Files.readAllBytes(dense.resolve("config.json")))
                        .path("model_type")
                        .asText())
                .isEqualTo("llama");
    }

    @Test
    @Order(3)
    void killedAtRandomMomentsTheMembersAreTheSameByteForByte() throws Exception {
        Trees.delete(bench.folder().root());
        Random random = new Random(42);

        for (int kill = 0; kill < 4; kill++) {
            Process run = bench.startRun("--threads", "1");
            if (!run.waitFor(2000 + random.nextInt(6000), TimeUnit.MILLISECONDS)) {
                run.destroyForcibly().waitFor();
            }
        }

        Ended last = bench.run("--threads", "1"); // the killed ones may not have come as far as to write it down
        assertThat(last.code()).as(last.err()).isZero();
        assertThat(bench.members()).isEqualTo(undisturbed);
    }

    @Test
    @Order(4)
    void aMemberThatWasChangedByHandIsMadeAgainByteForByte() throws Exception {
        Path weights =
                bench.folder().members().resolve("small/model.safetensors").toRealPath();
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);

        Ended again = bench.run();

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err()).contains("small: member damaged: " + weights + " was changed: its SHA-256 is ");
        assertThat(bench.members()).isEqualTo(undisturbed);
    }

    @Test
    @Order(5)
    void dataThatCannotBeReadEndsTheRunWithTheTrainersCode() throws Exception {
        Path config = home.resolve("parent/config.json");
        String changed =
                Files.readString(config).replaceFirst("\"model_type\" *: *\"llama\"", "\"model_type\": \"mamba\"");
        Files.writeString(config, changed);

        Ended run = bench.tool(
                "run", bench.file().toString(), "--out", home.resolve("other").toString());

        assertThat(run.code()).isEqualTo(65);
        assertThat(run.err()).contains("error: the preparation failed: ").contains("'mamba', which is not supported");
    }
}
