package dev.modelfamily.trainer.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.trainer.weights.ElementType;
import java.util.List;
import java.util.Locale;

/** The {@code config.json} of a member, made from that of its parent. */
final class MemberConfig {
    private static final String FACTORED = "low_rank_";
    private static final List<String> OURS = List.of("base_model_type", "ranks", "auto_map");

    private MemberConfig() {}

    /**
     * That of a factored member: the parent's, with the ranks and the code that reads them.
     *
     * @param base of the parent, stock or itself factored
     */
    static ObjectNode factored(ObjectNode base, ModelShape shape) {
        ObjectNode config = stock(base, shape, ElementType.F32);
        String prefix = "LowRank" + className(shape.modelType());
        config.set("architectures", list(config, prefix + "ForCausalLM"));
        config.put("model_type", FACTORED + shape.modelType());
        config.put("base_model_type", shape.modelType());
        ObjectNode map = config.putObject("auto_map");
        map.put("AutoConfig", "configuration_low_rank." + prefix + "Config");
        map.put("AutoModel", "modeling_low_rank." + prefix + "Model");
        map.put("AutoModelForCausalLM", "modeling_low_rank." + prefix + "ForCausalLM");
        ObjectNode ranks = config.putObject("ranks");
        shape.ranks().forEach(ranks::put);
        return config;
    }

    /** That of a model whose factors are multiplied out: any tool knows it. */
    static ObjectNode stock(ObjectNode base, ModelShape shape, ElementType type) {
        ObjectNode config = base.deepCopy();
        config.remove(OURS);
        config.remove("quantization_config");
        config.set("architectures", list(config, className(shape.modelType()) + "ForCausalLM"));
        config.put("model_type", shape.modelType());
        // transformers 5 writes "dtype" and reads both; 4 writes and reads "torch_dtype".
        config.put(config.has("dtype") ? "dtype" : "torch_dtype", torchName(type));
        return config;
    }

    private static ArrayNode list(ObjectNode config, String only) {
        return config.arrayNode().add(only);
    }

    /** As transformers spells it in class names: {@code Llama}, {@code Qwen2}. */
    private static String className(String modelType) {
        return modelType.substring(0, 1).toUpperCase(Locale.ROOT) + modelType.substring(1);
    }

    private static String torchName(ElementType type) {
        return switch (type) {
            case F64 -> "float64";
            case F32 -> "float32";
            case F16 -> "float16";
            case BF16 -> "bfloat16";
        };
    }
}
