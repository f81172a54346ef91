package dev.modelfamily.trainer.weights.gguf;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of tensors in GGUF and what Hugging Face checkpoints call them. */
final class TensorNames {
    /** Divisors of the rotary frequencies: they become {@code rope_scaling} of the config. */
    static final String ROPE_FACTORS = "rope_freqs.weight";

    static final String EMBEDDING = "token_embd.weight";
    static final String HEAD = "output.weight";

    private static final Map<String, String> WHOLE = Map.of(
            EMBEDDING, "model.embed_tokens.weight", "output_norm.weight", "model.norm.weight", HEAD, "lm_head.weight");

    private static final Pattern IN_BLOCK = Pattern.compile("blk\\.(\\d{1,6})\\.([a-z_]+)\\.(weight|bias)");

    private static final Map<String, String> BLOCK = Map.ofEntries(
            Map.entry("attn_norm", "input_layernorm"),
            Map.entry("ffn_norm", "post_attention_layernorm"),
            Map.entry("attn_q", "self_attn.q_proj"),
            Map.entry("attn_k", "self_attn.k_proj"),
            Map.entry("attn_v", "self_attn.v_proj"),
            Map.entry("attn_output", "self_attn.o_proj"),
            Map.entry("attn_q_norm", "self_attn.q_norm"),
            Map.entry("attn_k_norm", "self_attn.k_norm"),
            Map.entry("ffn_gate", "mlp.gate_proj"),
            Map.entry("ffn_up", "mlp.up_proj"),
            Map.entry("ffn_down", "mlp.down_proj"));

    private TensorNames() {}

    /** The name in a Hugging Face checkpoint; empty where a Llama-type model has no such tensor. */
    static Optional<String> huggingFace(String name) {
        Matcher block = IN_BLOCK.matcher(name);
        if (block.matches()) {
            return Optional.ofNullable(BLOCK.get(block.group(2)))
                    .map(part -> "model.layers." + block.group(1) + "." + part + "." + block.group(3));
        }
        return Optional.ofNullable(WHOLE.get(name));
    }
}
