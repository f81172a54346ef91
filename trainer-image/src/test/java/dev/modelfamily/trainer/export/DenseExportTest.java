package dev.modelfamily.trainer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.Main;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Loading;
import dev.modelfamily.trainer.report.Progression;
import dev.modelfamily.trainer.stage.TinyFamily;
import dev.modelfamily.trainer.torch.Torch;
import dev.modelfamily.trainer.weights.ElementType;
import dev.modelfamily.trainer.weights.Models;
import dev.modelfamily.trainer.weights.OpenModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("torch")
class DenseExportTest {
    private static final int[][] IDS = {{0, 5, 77, 201, 269, 3, 3, 8}, {9, 100, 11, 12, 250, 1, 2, 260}};

    @TempDir
    private Path folder;

    private Path member;
    private Path out;

    @BeforeEach
    void makeMember() {
        Torch.setThreads(1);
        member = new TinyFamily(folder).makeMember("large");
        out = folder.resolve("out");
    }

    private static float[] logits(Path model) {
        try (OpenModel open = Models.open(model);
                LanguageModel loaded = Loading.load(open, Progression.SILENT)) {
            return loaded.logits(IDS);
        }
    }

    private static JsonNode config(Path model) throws Exception {
        return Json.mapper().readTree(model.resolve("config.json").toFile());
    }

    private static double largestDifference(float[] a, float[] b) {
        assertThat(a).hasSameSizeAs(b);
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }

    @Test
    void theDenseModelComputesWhatTheFactorsCompute() throws Exception {
        DenseExport.write(member, out, ElementType.F32, Progression.SILENT);

        assertThat(largestDifference(logits(out), logits(member))).isCloseTo(0, within(1e-5));
        JsonNode config = config(out);
        assertThat(config.path("model_type").asText()).isEqualTo("llama");
        assertThat(config.path("architectures").path(0).asText()).isEqualTo("LlamaForCausalLM");
        assertThat(config.path("torch_dtype").asText()).isEqualTo("float32");
        assertThat(config.has("ranks")).isFalse();
        assertThat(config.has("auto_map")).isFalse();
        assertThat(out.resolve("tokenizer.json")).exists();
        assertThat(out.resolve("modeling_low_rank.py")).doesNotExist();
    }

    @Test
    void halfPrecisionHalvesTheFile() throws Exception {
        DenseExport.write(member, out, ElementType.BF16, Progression.SILENT);

        assertThat(config(out).path("torch_dtype").asText()).isEqualTo("bfloat16");
        assertThat(largestDifference(logits(out), logits(member))).isCloseTo(0, within(0.1));
        long parent = Files.size(folder.resolve("parent/model.safetensors"));
        assertThat(Files.size(out.resolve("model.safetensors"))).isEqualTo(parent);
    }

    @Test
    void aFolderThatHoldsSomethingIsNotWrittenOver() throws Exception {
        Files.createDirectories(out);
        Files.writeString(out.resolve("precious"), "x");

        assertThatThrownBy(() -> DenseExport.write(member, out, ElementType.F32, Progression.SILENT))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_ORDER))
                .hasMessageContaining("not an empty folder");
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files).containsExactly(out.resolve("precious"));
        }
    }

    @Test
    void anEmptyFolderIsFilled() throws Exception {
        Files.createDirectories(out);

        assertThat(Main.run("export", member.toString(), "--dense", "--out", out.toString(), "--threads", "1"))
                .isZero();

        assertThat(out.resolve("model.safetensors")).exists();
        try (Stream<Path> beside = Files.list(folder)) {
            assertThat(beside.filter(file -> file.toString().endsWith(".partial")))
                    .isEmpty();
        }
    }

    @Test
    void aDamagedMemberIsNotExported() throws Exception {
        Files.writeString(member.resolve("tokenizer.json"), "{}");

        assertThatThrownBy(() -> DenseExport.write(member, out, ElementType.F32, Progression.SILENT))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
                .hasMessageContaining("tokenizer.json was changed");
        assertThat(out).doesNotExist();
    }

    @Test
    void aMemberWithoutDenseIsABadOrder() {
        assertThat(Main.run("export", member.toString(), "--out", out.toString()))
                .isEqualTo(ExitCode.BAD_ORDER.code());
    }
}
