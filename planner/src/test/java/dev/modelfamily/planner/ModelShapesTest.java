package dev.modelfamily.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelShapesTest {
    private static ObjectNode config(String modelType, String more) {
        String text = """
                {"model_type": "%s", "num_hidden_layers": 4, "hidden_size": 64, "intermediate_size": 96,
                 "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 300%s}
                """.formatted(modelType, more.isEmpty() ? "" : ", " + more);
        try {
            return (ObjectNode) Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    private static ModelShape shape(String modelType, String more) {
        return ModelShapes.of(config(modelType, more));
    }

    private static void refused(ObjectNode config, String... parts) {
        assertThatThrownBy(() -> ModelShapes.of(config))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
                .hasMessageContainingAll(parts);
    }

    @Test
    void aLlamaIsReadWithTheDefaultsOfTransformers() {
        ModelShape shape = shape("llama", "");
        assertThat(shape.headDim()).isEqualTo(16);
        assertThat(shape.kvHeads()).isEqualTo(2);
        assertThat(shape.maxPositions()).isEqualTo(2048);
        assertThat(shape.ropeTheta()).isEqualTo(10_000);
        assertThat(shape.normEps()).isEqualTo(1e-6);
        assertThat(shape.tied()).isFalse();
        assertThat(shape.qkvBias()).isFalse();
        assertThat(shape.ropeScaling()).isEmpty();
        assertThat(shape.ranks()).isEmpty();
    }

    @Test
    void nullCountsAsAbsent() {
        assertThat(shape("llama", "\"head_dim\": null, \"rope_scaling\": null").headDim())
                .isEqualTo(16);
    }

    @Test
    void attentionBiasOfALlamaIsOnAllFourProjections() {
        ModelShape shape = shape("llama", "\"attention_bias\": true, \"mlp_bias\": true");
        assertThat(shape.qkvBias()).isTrue();
        assertThat(shape.outputBias()).isTrue();
        assertThat(shape.mlpBias()).isTrue();
    }

    @Test
    void qwen2HasBiasesOnQkvAlone() {
        ModelShape shape = shape("qwen2", "\"tie_word_embeddings\": true");
        assertThat(shape.qkvBias()).isTrue();
        assertThat(shape.outputBias()).isFalse();
        assertThat(shape.tied()).isTrue();
    }

    @Test
    void qwen3NormalisesHeadsOf128() {
        ModelShape shape = shape("qwen3", "");
        assertThat(shape.qkNorm()).isTrue();
        assertThat(shape.headDim()).isEqualTo(128);
        assertThat(shape.qkvBias()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "mistral; ; 4096",
                "mistral; \"sliding_window\": null; 0",
                "mistral; \"sliding_window\": 100; 100",
                "qwen2; \"sliding_window\": 100; 0",
                "qwen2; \"sliding_window\": 100, \"use_sliding_window\": true; 0",
                "qwen2; \"sliding_window\": 100, \"use_sliding_window\": true, \"max_window_layers\": 0; 100",
                "llama; \"sliding_window\": 100; 0",
            })
    void theSlidingWindowIsThatOfTheArchitecture(String modelType, String more, int window) {
        assertThat(shape(modelType, more == null ? "" : more).slidingWindow()).isEqualTo(window);
    }

    @Test
    void aWindowInSomeLayersOnlyIsRefused() {
        refused(
                config("qwen2", "\"sliding_window\": 100, \"use_sliding_window\": true, \"max_window_layers\": 1"),
                "sliding window of 100",
                "3 of 4");
    }

    @Test
    void llama3ScalingIsReadInTheOldAndTheNewSpelling() {
        String scaling = "\"rope_type\": \"llama3\", \"factor\": 32.0, \"low_freq_factor\": 1.0,"
                + " \"high_freq_factor\": 4.0, \"original_max_position_embeddings\": 8192";
        ModelShape old = shape("llama", "\"rope_theta\": 500000.0, \"rope_scaling\": {" + scaling + "}");
        ModelShape now = shape("llama", "\"rope_parameters\": {\"rope_theta\": 500000.0, " + scaling + "}");
        assertThat(old.ropeScaling()).contains(new ModelShape.RopeScaling(32, 1, 4, 8192));
        assertThat(old.ropeTheta()).isEqualTo(500_000);
        assertThat(now).isEqualTo(old);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2.0}; linear",
                "\"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 2.0}; yarn",
                "\"hidden_act\": \"gelu\"; gelu",
                "\"partial_rotary_factor\": 0.5; 0.5",
                "\"hidden_size\": -64; -64",
                "\"hidden_size\": \"many\"; hidden_size",
                "\"num_attention_heads\": 3, \"head_dim\": 16; multiple of num_key_value_heads 2",
                "\"head_dim\": 15; 15",
                "\"rms_norm_eps\": 0; rms_norm_eps",
                "\"rope_scaling\": 3; rope_scaling",
                "\"tie_word_embeddings\": 1; tie_word_embeddings",
            })
    void whatCannotBeComputedIsRefusedByName(String more, String named) {
        refused(config("llama", more), "config.json", named);
    }

    @Test
    void anUnknownArchitectureIsNamed() {
        refused(config("gpt_neox", ""), "'gpt_neox'", "supported are llama");
    }

    @Test
    void aMissingFieldIsNamed() {
        refused((ObjectNode) config("llama", "").without("vocab_size"), "has no 'vocab_size'");
    }

    @Test
    void aFactoredMemberHasTheShapeOfItsBaseAndRanks() {
        ModelShape shape = shape(
                "low_rank_llama",
                "\"base_model_type\": \"qwen2\", \"ranks\": {\"model.layers.3.self_attn.k_proj\": 32}");
        assertThat(shape.modelType()).isEqualTo("qwen2");
        assertThat(shape.qkvBias()).isTrue();
        assertThat(shape.ranks()).isEqualTo(Map.of("model.layers.3.self_attn.k_proj", 32));
    }

    @ParameterizedTest
    @CsvSource({
        "model.layers.4.self_attn.k_proj, 8, no linear",
        "model.embed_tokens, 8, no linear",
        "model.layers.0.self_attn.k_proj, 33, shorter side is 32",
        "model.layers.0.mlp.up_proj, 0, above zero",
    })
    void aRankThatCannotBeIsRefused(String linear, int rank, String named) {
        String ranks = "\"base_model_type\": \"llama\", \"ranks\": {\"%s\": %d}".formatted(linear, rank);
        refused(config("low_rank_llama", ranks), linear, named);
    }
}
