package dev.modelfamily.trainer.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.ModelShape.RopeScaling;
import dev.modelfamily.trainer.Main;
import dev.modelfamily.trainer.report.Progression;
import dev.modelfamily.trainer.stage.TinyFamily;
import dev.modelfamily.trainer.torch.Torch;
import dev.modelfamily.trainer.weights.ElementType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Members loaded by Python's transformers. Needs an interpreter with torch, transformers, safetensors and numpy, named by the
 * environment variable {@code MODELFAMILY_PYTHON}; {@code -Dtest.groups=peers} runs these tests.
 */
@Tag("peers")
class PeersTest {
    private static final int ROWS = 3;
    private static final int LENGTH = 40;

    @TempDir
    private Path folder;

    private static ModelShape shape(
            String modelType,
            boolean tied,
            boolean qkvBias,
            boolean qkNorm,
            int window,
            Optional<RopeScaling> scaling) {
        return new ModelShape(
                modelType,
                2,
                64,
                160,
                4,
                2,
                16,
                300,
                128,
                tied,
                qkvBias,
                false,
                false,
                qkNorm,
                window,
                1e-5,
                10_000,
                scaling,
                new TreeMap<>());
    }

    private Path ids() throws Exception {
        Random random = new Random(5);
        int[][] rows = new int[ROWS][LENGTH];
        for (int[] row : rows) {
            for (int i = 0; i < LENGTH; i++) {
                row[i] = random.nextInt(270);
            }
        }
        return Files.write(folder.resolve("ids.json"), Json.mapper().writeValueAsBytes(rows));
    }

    private void isLoadedByTransformers(ModelShape shape) throws Exception {
        Torch.setThreads(1);
        Path member = new TinyFamily(folder, shape).makeMember("large");
        Path dense = folder.resolve("dense");
        Path logits = folder.resolve("logits.bin");
        DenseExport.write(member, dense, ElementType.F32, Progression.SILENT);
        String ids = ids().toString();
        assertThat(Main.run("logits", member.toString(), "--ids", ids, "--out", logits.toString()))
                .isZero();

        JsonNode found = python(member, ids, logits, dense);

        assertThat(found.path("trainer").asDouble(1)).isLessThan(1e-3);
        assertThat(found.path("dense").asDouble(1)).isLessThan(1e-3);
        assertThat(found.path("saved").asDouble(1)).isZero();
        assertThat(found.path("generatedAsComputed").asBoolean()).isTrue();
    }

    private static JsonNode python(Path member, String ids, Path logits, Path dense) throws Exception {
        String interpreter = System.getenv("MODELFAMILY_PYTHON");
        assertThat(interpreter)
                .as("MODELFAMILY_PYTHON must name a Python with torch, transformers, safetensors and numpy")
                .isNotNull();
        ProcessBuilder builder = new ProcessBuilder(
                        interpreter,
                        "../benchmarks/load_member.py",
                        member.toString(),
                        "--ids",
                        ids,
                        "--logits",
                        logits.toString(),
                        "--dense",
                        dense.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("HF_HUB_OFFLINE", "1");
        builder.environment().put("HF_HOME", member.resolveSibling("hf-home").toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        System.err.println(output.strip());
        return Json.mapper().readTree(output);
    }

    @Test
    void aLlamaIsLoadedByTransformers() throws Exception {
        isLoadedByTransformers(shape("llama", true, false, false, 0, Optional.of(new RopeScaling(8, 1, 4, 32))));
    }

    @Test
    void aMistralIsLoadedByTransformers() throws Exception {
        isLoadedByTransformers(shape("mistral", false, false, false, 16, Optional.empty()));
    }

    @Test
    void aQwen2IsLoadedByTransformers() throws Exception {
        isLoadedByTransformers(shape("qwen2", false, true, false, 0, Optional.empty()));
    }

    @Test
    void aQwen3IsLoadedByTransformers() throws Exception {
        isLoadedByTransformers(shape("qwen3", true, false, true, 0, Optional.empty()));
    }
}
