package dev.modelfamily.planner;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.planner.ModelShape.RopeScaling;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the {@link ModelShape} out of a Hugging Face {@code config.json}. Absent fields take the defaults of the
 * configuration classes in transformers; both the names of transformers 4 ({@code rope_scaling}, {@code rope_theta}) and of
 * transformers 5 ({@code rope_parameters}) are read. What this project cannot compute is refused rather than ignored.
 */
public final class ModelShapes {
    private static final Pattern LINEAR = Pattern.compile(
            "model\\.layers\\.(\\d{1,6})\\." + "(self_attn\\.(?:q|k|v|o)_proj|mlp\\.(?:gate|up|down)_proj)");

    /** What the configuration class of an architecture says where {@code config.json} is silent. */
    private enum Architecture {
        LLAMA(0, 2_048, 0, true, true),
        MISTRAL(8, 131_072, 0, false, false),
        QWEN2(32, 32_768, 0, false, false),
        QWEN3(32, 32_768, 128, true, false);

        private final int kvHeads;
        private final int maxPositions;
        private final int headDim;
        private final boolean attentionBias;
        private final boolean mlpBias;

        Architecture(int kvHeads, int maxPositions, int headDim, boolean attentionBias, boolean mlpBias) {
            this.kvHeads = kvHeads;
            this.maxPositions = maxPositions;
            this.headDim = headDim;
            this.attentionBias = attentionBias;
            this.mlpBias = mlpBias;
        }

        static Architecture of(String modelType) {
            return switch (modelType) {
                case "llama" -> LLAMA;
                case "mistral" -> MISTRAL;
                case "qwen2" -> QWEN2;
                case "qwen3" -> QWEN3;
                default ->
                    throw ConfigFields.wrong("has model type '" + modelType
                            + "', which is not supported; supported are llama, mistral, qwen2 and qwen3");
            };
        }
    }

    private ModelShapes() {}

    /**
     * The shape of the model that a {@code config.json} describes: a stock model, or a factored member, whose
     * {@code model_type} begins with {@code low_rank_} and whose {@code base_model_type} and {@code ranks} say the rest.
     *
     * @throws StageException {@link ExitCode#BAD_DATA} where a needed field is missing or wrong, or the model is of a kind that
     *     is not supported; the message names the field and its value
     */
    public static ModelShape of(JsonNode config) {
        if (!config.isObject()) {
            throw ConfigFields.wrong("is not a JSON object");
        }
        ConfigFields fields = new ConfigFields(config);
        String declared = fields.text("model_type");
        boolean factored = declared.startsWith("low_rank_");
        String modelType = factored ? fields.text("base_model_type") : declared;
        Architecture architecture = Architecture.of(modelType);
        refuseUnsupported(fields);

        int layers = fields.count("num_hidden_layers");
        int hidden = fields.count("hidden_size");
        int heads = fields.count("num_attention_heads");
        int kvHeads = fields.count("num_key_value_heads", architecture.kvHeads == 0 ? heads : architecture.kvHeads);
        boolean bias = architecture.attentionBias && fields.flag("attention_bias", false);
        ConfigFields rope = rope(fields);
        ModelShape shape = new ModelShape(
                modelType,
                layers,
                hidden,
                fields.count("intermediate_size"),
                heads,
                kvHeads,
                headDim(fields, architecture, hidden, heads),
                fields.count("vocab_size"),
                fields.count("max_position_embeddings", architecture.maxPositions),
                fields.flag("tie_word_embeddings", false),
                bias || architecture == Architecture.QWEN2,
                bias,
                architecture.mlpBias && fields.flag("mlp_bias", false),
                architecture == Architecture.QWEN3,
                slidingWindow(fields, architecture, layers),
                fields.number("rms_norm_eps", 1e-6),
                rope.number("rope_theta", fields.number("rope_theta", 10_000)),
                scaling(rope),
                new TreeMap<>());
        if (heads % kvHeads != 0) {
            throw ConfigFields.wrong(
                    "has num_attention_heads " + heads + ", which is not a multiple of num_key_value_heads " + kvHeads);
        }
        return factored ? shape.withRanks(ranks(fields, shape)) : shape;
    }

    private static void refuseUnsupported(ConfigFields fields) {
        String activation = fields.text("hidden_act", "silu");
        if (!activation.equals("silu")) {
            throw ConfigFields.wrong("has hidden_act '" + activation + "'; only silu is supported");
        }
        double rotated = fields.object("rope_parameters")
                .number("partial_rotary_factor", fields.number("partial_rotary_factor", 1));
        if (rotated != 1) {
            throw ConfigFields.wrong(
                    "has partial_rotary_factor " + rotated + "; only a rotation of the whole head is supported");
        }
    }

    private static int headDim(ConfigFields fields, Architecture architecture, int hidden, int heads) {
        int fallback = architecture.headDim == 0 ? hidden / heads : architecture.headDim;
        int headDim = fields.count("head_dim", fallback);
        if (headDim % 2 != 0 || headDim == 0) {
            throw ConfigFields.wrong("gives a head dimension of " + headDim
                    + " (head_dim, or hidden_size / num_attention_heads); rotary embedding needs an even one");
        }
        return headDim;
    }

    /** The window of all layers alike, 0 for none; a model that mixes layers with and without one is refused. */
    private static int slidingWindow(ConfigFields fields, Architecture architecture, int layers) {
        // Mistral has a window unless its config says null; Qwen has one only where it is switched on.
        boolean absent = fields.json().path("sliding_window").isMissingNode();
        boolean nothing = !absent && fields.present("sliding_window").isEmpty();
        boolean used = switch (architecture) {
            case LLAMA -> false;
            case MISTRAL -> !nothing;
            case QWEN2, QWEN3 -> !nothing && fields.flag("use_sliding_window", false);
        };
        if (!used) {
            return 0;
        }
        int window = fields.count("sliding_window", 4_096);
        int windowed = architecture == Architecture.MISTRAL ? layers : windowedLayers(fields, layers);
        if (windowed > 0 && windowed < layers) {
            throw ConfigFields.wrong("has a sliding window of " + window + " in " + windowed + " of " + layers
                    + " layers; a window that only some layers have is not supported");
        }
        return windowed > 0 ? window : 0;
    }

    /** Qwen: the first {@code max_window_layers} layers see everything, unless {@code layer_types} says it one by one. */
    private static int windowedLayers(ConfigFields fields, int layers) {
        return fields.present("layer_types")
                .map(types -> {
                    int windowed = 0;
                    for (JsonNode type : types) {
                        windowed += type.asText().equals("sliding_attention") ? 1 : 0;
                    }
                    return windowed;
                })
                .orElseGet(() -> Math.max(
                        0, layers - fields.json().path("max_window_layers").asInt(28)));
    }

    private static ConfigFields rope(ConfigFields fields) {
        ConfigFields parameters = fields.object("rope_parameters");
        return parameters.isEmpty() ? fields.object("rope_scaling") : parameters;
    }

    private static Optional<RopeScaling> scaling(ConfigFields rope) {
        String kind = rope.text("rope_type", rope.text("type", "default"));
        return switch (kind) {
            case "default" -> Optional.empty();
            case "llama3" ->
                Optional.of(new RopeScaling(
                        rope.number("factor"),
                        rope.number("low_freq_factor"),
                        rope.number("high_freq_factor"),
                        rope.count("original_max_position_embeddings")));
            default ->
                throw ConfigFields.wrong(
                        "has rope scaling of kind '" + kind + "'; supported are default (none) and llama3");
        };
    }

    private static SortedMap<String, Integer> ranks(ConfigFields fields, ModelShape shape) {
        SortedMap<String, Integer> ranks = new TreeMap<>();
        ConfigFields declared = fields.object("ranks");
        for (Map.Entry<String, JsonNode> entry : declared.json().properties()) {
            String name = entry.getKey();
            Matcher linear = LINEAR.matcher(name);
            if (!linear.matches() || Integer.parseInt(linear.group(1)) >= shape.layers()) {
                throw ConfigFields.wrong(
                        "has a rank for '" + name + "', which is no linear of its " + shape.layers() + " layers");
            }
            int rank = declared.count(name);
            int most = shorterSide(shape, linear.group(2));
            if (rank > most) {
                throw ConfigFields.wrong("has rank " + rank + " for '" + name + "', whose shorter side is " + most);
            }
            ranks.put(name, rank);
        }
        return ranks;
    }

    private static int shorterSide(ModelShape shape, String linear) {
        return switch (linear) {
            case "self_attn.q_proj", "self_attn.o_proj" -> Math.min(shape.hidden(), shape.heads() * shape.headDim());
            case "self_attn.k_proj", "self_attn.v_proj" -> Math.min(shape.hidden(), shape.kvHeads() * shape.headDim());
            default -> Math.min(shape.hidden(), shape.intermediate());
        };
    }
}
