package dev.modelfamily.trainer.weights.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.ModelShapes;
import dev.modelfamily.trainer.weights.OpenModel;
import dev.modelfamily.trainer.weights.TensorInfo;
import dev.modelfamily.trainer.weights.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufTest {
    @TempDir
    Path folder;

    private OpenModel open(GgufBuilder gguf) {
        return Gguf.open(gguf.write(folder.resolve("model.gguf")));
    }

    private JsonNode config(GgufBuilder gguf) {
        try (OpenModel model = open(gguf)) {
            return model.config();
        }
    }

    private ModelShape shape(GgufBuilder gguf) {
        return ModelShapes.of(config(gguf));
    }

    private void refused(GgufBuilder gguf, String... parts) {
        assertThatThrownBy(() -> open(gguf).close())
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
                .hasMessageContaining("model.gguf")
                .hasMessageContainingAll(parts);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void aLlamaOpensAsAHuggingFaceModel(int version) {
        try (OpenModel model = open(GgufBuilder.llama().version(version))) {
            assertThat(model.license()).isEqualTo("apache-2.0");
            assertThat(model.weights().tensors())
                    .hasSize(11)
                    .containsKeys("model.embed_tokens.weight", "model.norm.weight");
            assertThat(model.weights().tensors().get("model.layers.0.mlp.up_proj.weight"))
                    .isEqualTo(new TensorInfo("model.layers.0.mlp.up_proj.weight", "F32", List.of(16L, 8L)));
            assertThat(model.companions())
                    .containsOnlyKeys("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json");
            ModelShape shape = ModelShapes.of(model.config());
            assertThat(shape.modelType()).isEqualTo("llama");
            assertThat(shape.headDim()).isEqualTo(4);
            assertThat(shape.kvHeads()).isEqualTo(1);
            assertThat(shape.vocabulary()).isEqualTo(5);
            assertThat(shape.tied()).isTrue();
            assertThat(shape.normEps()).isEqualTo(1e-5);
        }
    }

    @Test
    void rowsOfQAndKOfALlamaGoBackFromNeighboursToHalves() {
        try (OpenModel model = open(GgufBuilder.llama())) {
            float[] q = Tensors.read(model.weights(), "model.layers.0.self_attn.q_proj.weight");
            float[] k = Tensors.read(model.weights(), "model.layers.0.self_attn.k_proj.weight");
            assertThat(rows(q)).containsExactly(0, 2, 1, 3, 4, 6, 5, 7);
            assertThat(rows(k)).containsExactly(0, 2, 1, 3);
            assertThat(rows(Tensors.read(model.weights(), "model.layers.0.self_attn.v_proj.weight")))
                    .containsExactly(0, 1, 2, 3);
        }
    }

    @Test
    void rowsOfQAndKOfAQwenStay() {
        GgufBuilder gguf = GgufBuilder.llama().as("qwen3");
        try (OpenModel model = open(gguf)) {
            assertThat(rows(Tensors.read(model.weights(), "model.layers.0.self_attn.q_proj.weight")))
                    .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        }
    }

    /** The row that each row was: all rows are 8 wide and count up. */
    private static int[] rows(float[] matrix) {
        int[] rows = new int[matrix.length / 8];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (int) matrix[8 * i] / 8;
        }
        return rows;
    }

    @Test
    void aModelWithAnOutputMatrixIsNotTied() {
        assertThat(shape(GgufBuilder.llama().tensor("output.weight", 5, 8)).tied())
                .isFalse();
    }

    @Test
    void qwen2HasBiasesAndQwen3HeadNorms() {
        GgufBuilder qwen2 = GgufBuilder.llama()
                .as("qwen2")
                .tensor("blk.0.attn_q.bias", 8)
                .tensor("blk.0.attn_k.bias", 4)
                .tensor("blk.0.attn_v.bias", 4);
        assertThat(shape(qwen2).qkvBias()).isTrue();
        ModelShape qwen3 = shape(GgufBuilder.llama().as("qwen3"));
        assertThat(qwen3.qkNorm()).isTrue();
        assertThat(qwen3.headDim()).isEqualTo(4);
    }

    @Test
    void aLlamaWithAWindowIsAMistral() {
        ModelShape shape = shape(GgufBuilder.llama().with("llama.attention.sliding_window", 32L));
        assertThat(shape.modelType()).isEqualTo("mistral");
        assertThat(shape.slidingWindow()).isEqualTo(32);
    }

    @ParameterizedTest
    @CsvSource({"general.architecture, gpt_neox", "tokenizer.ggml.model, bert", "tokenizer.ggml.pre, viking"})
    void whatIsNotSupportedIsNamed(String key, String value) {
        refused(GgufBuilder.llama().with(key, value), "'" + value + "'", "not supported");
    }

    @Test
    void linearRopeScalingAndExpertsAndPartsAreRefused() {
        refused(
                GgufBuilder.llama().with("llama.rope.scaling.type", "linear").with("llama.rope.scaling.factor", 2.0),
                "'linear' with factor 2.0");
        refused(GgufBuilder.llama().with("llama.expert_count", 8L), "mixture of experts");
        refused(GgufBuilder.llama().with("split.count", 2L), "join them");
        refused(GgufBuilder.llama().with("llama.rope.dimension_count", 2L), "heads of 4", "2");
    }

    @Test
    void anUnknownTensorTypeIsNamed() {
        refused(
                GgufBuilder.llama().tensor("blk.0.ffn_up.weight", 23, new long[] {16, 8}, new byte[64]),
                "ffn_up",
                "IQ4_XS");
    }

    @Test
    void aTensorThatNoLlamaHasIsNamed() {
        refused(GgufBuilder.llama().tensor("blk.0.ffn_gate_exps.weight", 8), "ffn_gate_exps");
    }

    @Test
    void aShapeThatIsNoWholeNumberOfBlocksIsRefused() {
        refused(GgufBuilder.llama().tensor("output.weight", 8, new long[] {5, 8}, new byte[68]), "output.weight", "32");
    }

    @ParameterizedTest
    @CsvSource({
        "general.architecture",
        "llama.block_count",
        "llama.attention.head_count",
        "llama.attention.layer_norm_rms_epsilon",
        "tokenizer.ggml.model"
    })
    void aMissingKeyIsNamed(String key) {
        refused(GgufBuilder.llama().without(key), "has no " + key);
    }

    @Test
    void aKeyOfTheWrongTypeIsNamed() {
        refused(GgufBuilder.llama().with("llama.block_count", "one"), "llama.block_count");
        refused(GgufBuilder.llama().with("tokenizer.ggml.tokens", 3L), "tokenizer.ggml.tokens");
        refused(GgufBuilder.llama().with("tokenizer.ggml.eos_token_id", 5L), "tokenizer.ggml.eos_token_id = 5");
    }

    @Test
    void otherVersionsAndOtherFilesAreRefused() throws IOException {
        refused(GgufBuilder.llama().version(1), "version 1");
        refused(GgufBuilder.llama().version(Integer.reverseBytes(3)), "big endian");
        Path file = Files.write(folder.resolve("model.gguf"), new byte[] {1, 2, 3});
        assertThatThrownBy(() -> Gguf.open(file).close())
                .isInstanceOf(StageException.class)
                .hasMessageContaining("not a GGUF file");
    }

    @Test
    void aCutFileNamesTheTensorThatItLacks() throws IOException {
        byte[] whole = GgufBuilder.llama().bytes();
        Path file = Files.write(folder.resolve("model.gguf"), Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(() -> Gguf.open(file).close())
                .isInstanceOf(StageException.class)
                .hasMessageContainingAll("blk.0.ffn_down.weight", "not copied whole");
    }

    @Test
    void aWeightThatIsNoNumberIsRefusedByItsHuggingFaceName() {
        GgufBuilder gguf = GgufBuilder.llama().tensor("output_norm.weight", new long[] {2}, 1, Float.NaN);
        try (OpenModel model = open(gguf)) {
            assertThatThrownBy(() -> Tensors.read(model.weights(), "model.norm.weight"))
                    .isInstanceOf(StageException.class)
                    .hasMessageContainingAll("model.norm.weight", "NaN", "index 1");
        }
    }
}
