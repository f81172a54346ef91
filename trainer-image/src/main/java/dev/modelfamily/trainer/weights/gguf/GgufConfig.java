package dev.modelfamily.trainer.weights.gguf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.planner.ModelShape.RopeScaling;
import dev.modelfamily.trainer.weights.gguf.GgufHeader.Entry;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The {@code config.json} that a Hugging Face folder of the same model would have. */
final class GgufConfig {
    private static final Set<String> ARCHITECTURES = Set.of("llama", "qwen2", "qwen3");

    private static final Map<String, String> CLASSES = Map.of(
            "llama", "LlamaForCausalLM",
            "mistral", "MistralForCausalLM",
            "qwen2", "Qwen2ForCausalLM",
            "qwen3", "Qwen3ForCausalLM");

    private final Metadata metadata;
    private final GgufHeader header;
    private final String architecture;

    private GgufConfig(GgufHeader header) {
        this.header = header;
        this.metadata = header.metadata();
        this.architecture = metadata.requiredText("general.architecture");
    }

    /** The config of an open file. */
    static ObjectNode of(GgufSource source) {
        return new GgufConfig(source.header()).config(source);
    }

    private ObjectNode config(GgufSource source) {
        if (!ARCHITECTURES.contains(architecture)) {
            throw metadata.bad("has general.architecture '" + architecture
                    + "', which is not supported; supported are llama (also Mistral), qwen2 and qwen3");
        }
        refuseUnsupported();
        ObjectNode config = Json.mapper().createObjectNode();
        long window = number("attention.sliding_window").orElse(0L);
        // llama.cpp has no architecture of its own for Mistral; what differs from Llama is the window.
        String modelType = architecture.equals("llama") && window > 0 ? "mistral" : architecture;
        long heads = metadata.requiredNumber(key("attention.head_count"));
        long hidden = metadata.requiredNumber(key("embedding_length"));
        long headDim = headDim(hidden, heads);
        Entry embedding = Optional.ofNullable(header.tensors().get(TensorNames.EMBEDDING))
                .orElseThrow(() -> metadata.bad("has no tensor " + TensorNames.EMBEDDING));

        config.putArray("architectures").add(CLASSES.get(modelType));
        config.put("model_type", modelType);
        config.put("hidden_act", "silu");
        config.put("hidden_size", hidden);
        config.put("intermediate_size", metadata.requiredNumber(key("feed_forward_length")));
        config.put("num_hidden_layers", metadata.requiredNumber(key("block_count")));
        config.put("num_attention_heads", heads);
        config.put("num_key_value_heads", number("attention.head_count_kv").orElse(heads));
        config.put("head_dim", headDim);
        config.put("rms_norm_eps", decimal(metadata.requiredReal(key("attention.layer_norm_rms_epsilon"))));
        config.put("max_position_embeddings", metadata.requiredNumber(key("context_length")));
        config.put("rope_theta", decimal(metadata.real(key("rope.freq_base")).orElse(10_000.0)));
        ropeScaling(source, headDim).ifPresent(scaling -> put(config.putObject("rope_scaling"), scaling));
        config.put("vocab_size", embedding.info().shape().getFirst());
        config.put("tie_word_embeddings", !header.tensors().containsKey(TensorNames.HEAD));
        biases(config);
        if (modelType.equals("mistral")) {
            config.put("sliding_window", window);
        }
        metadata.number("tokenizer.ggml.bos_token_id").ifPresent(id -> config.put("bos_token_id", id));
        metadata.number("tokenizer.ggml.eos_token_id").ifPresent(id -> config.put("eos_token_id", id));
        config.put("torch_dtype", dtype());
        return config;
    }

    private void refuseUnsupported() {
        if (number("expert_count").orElse(0L) > 0) {
            throw metadata.bad("is a mixture of experts (" + key("expert_count") + "), which is not supported");
        }
        if (metadata.number("split.count").orElse(1L) > 1) {
            throw metadata.bad("is one part of several; join them with llama-gguf-split --merge first");
        }
        String scaling = metadata.text(key("rope.scaling.type")).orElse("none");
        double factor = metadata.real(key("rope.scaling.factor"))
                .or(() -> metadata.real(key("rope.scale_linear")))
                .orElse(1.0);
        boolean without = scaling.equals("none") || scaling.equals("linear");
        if (!without || factor != 1) {
            throw metadata.bad("has rope scaling of kind '" + scaling + "' with factor " + factor
                    + "; supported are none and that of Llama 3.1");
        }
    }

    private long headDim(long hidden, long heads) {
        if (heads == 0) {
            throw metadata.bad("has " + key("attention.head_count") + " = 0");
        }
        long headDim = number("attention.key_length").orElse(hidden / heads);
        long values = number("attention.value_length").orElse(headDim);
        long rotated = number("rope.dimension_count").orElse(headDim);
        if (values != headDim || rotated != headDim) {
            throw metadata.bad("has heads of " + headDim + " for keys and " + values + " for values, of which "
                    + rotated + " are rotated; they must be equal");
        }
        return headDim;
    }

    private Optional<RopeScaling> ropeScaling(GgufSource source, long headDim) {
        return Optional.ofNullable(header.tensors().get(TensorNames.ROPE_FACTORS))
                .flatMap(entry -> RopeFactors.scaling(
                                source.values(entry),
                                headDim,
                                metadata.real(key("rope.freq_base")).orElse(10_000.0))
                        .orElseThrow(() -> metadata.bad("has rotary factors (" + TensorNames.ROPE_FACTORS
                                + ") that are not those of Llama 3.1; they are not supported")));
    }

    private static void put(ObjectNode json, RopeScaling scaling) {
        json.put("rope_type", "llama3");
        json.put("factor", scaling.factor());
        json.put("low_freq_factor", scaling.lowFreqFactor());
        json.put("high_freq_factor", scaling.highFreqFactor());
        json.put("original_max_position_embeddings", scaling.originalMaxPositions());
    }

    private void biases(ObjectNode config) {
        boolean query = header.tensors().containsKey("blk.0.attn_q.bias");
        boolean output = header.tensors().containsKey("blk.0.attn_output.bias");
        boolean mlp = header.tensors().containsKey("blk.0.ffn_up.bias");
        boolean stock = architecture.equals("qwen2") ? query && !output : query == output;
        boolean stockMlp = !mlp || architecture.equals("llama");
        if (!stock || !stockMlp) {
            throw metadata.bad("has biases that a stock " + architecture + " has not, or lacks those that it has");
        }
        if (query && !architecture.equals("qwen2")) {
            config.put("attention_bias", true);
        }
        if (mlp) {
            config.put("mlp_bias", true);
        }
    }

    /** Half precision where the matrices were stored so; what was quantised needs fp32 to stay as it is. */
    private String dtype() {
        return Optional.ofNullable(header.tensors().get("blk.0.attn_q.weight"))
                .map(entry -> switch (entry.type()) {
                    case F16 -> "float16";
                    case BF16 -> "bfloat16";
                    case F32, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, Q8_K -> "float32";
                })
                .orElseThrow(() -> metadata.bad("has no tensor blk.0.attn_q.weight"));
    }

    private Optional<Long> number(String name) {
        return metadata.number(key(name));
    }

    private String key(String name) {
        return architecture + "." + name;
    }

    /** GGUF stores fp32: 1e-5 comes back as 9.99999974e-06. The shortest decimal of the fp32 is what was meant. */
    private static double decimal(double stored) {
        return Double.parseDouble(Float.toString((float) stored));
    }
}
