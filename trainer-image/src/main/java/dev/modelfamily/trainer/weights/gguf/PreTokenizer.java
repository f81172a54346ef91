package dev.modelfamily.trainer.weights.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.contract.Json;
import java.util.Optional;

/**
 * How text is cut into words before byte-level BPE: what {@code tokenizer.ggml.pre} names. The expressions are those of the
 * models' own {@code tokenizer.json}.
 */
enum PreTokenizer {
    /** As GPT-2, which {@code tokenizers} has built in. */
    GPT2(Optional.empty(), false, false),
    /** As GPT-2, with every digit a word of its own. */
    DIGITS(Optional.empty(), true, false),
    LLAMA3(
            Optional.of("(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
                    + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
            false,
            true),
    QWEN2(
            Optional.of("(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
                    + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
            false,
            false),
    TEKKEN(
            Optional.of("[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
                    + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
                    + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
            false,
            true);

    private final Optional<String> split;
    private final boolean digits;
    private final boolean ignoreMerges;

    PreTokenizer(Optional<String> split, boolean digits, boolean ignoreMerges) {
        this.split = split;
        this.digits = digits;
        this.ignoreMerges = ignoreMerges;
    }

    /** The one that a file names; files of before 2024 name none, so the usual one of the architecture is taken. */
    static PreTokenizer of(Metadata metadata) {
        String architecture = metadata.text("general.architecture").orElse("");
        String name = metadata.text("tokenizer.ggml.pre").orElse("default");
        return switch (name) {
            case "default" -> architecture.startsWith("qwen") ? QWEN2 : GPT2;
            case "gpt-2", "gpt2", "olmo", "mpt", "jais", "phi-2", "exaone4", "trillion" -> GPT2;
            case "smollm", "starcoder", "refact", "command-r", "codeshell", "minerva-7b" -> DIGITS;
            case "llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0" -> LLAMA3;
            case "qwen2", "deepseek-r1-qwen", "stablelm2", "megrez", "kormo" -> QWEN2;
            case "tekken" -> TEKKEN;
            default ->
                throw metadata.bad("has tokenizer.ggml.pre '" + name
                        + "', which is not supported; convert the original Hugging Face folder, or use it directly");
        };
    }

    /** Whether a word that is a token is taken whole, without merging. */
    boolean ignoreMerges() {
        return ignoreMerges;
    }

    /** Whether text is brought into normal form C first. */
    boolean normalizes() {
        return this == QWEN2;
    }

    /** Whether a beginning-of-text token comes first where the file does not say. */
    boolean beginsText() {
        return this == LLAMA3 || this == TEKKEN;
    }

    ObjectNode json() {
        ObjectNode sequence = Json.mapper().createObjectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("pretokenizers");
        if (digits) {
            steps.addObject().put("type", "Digits").put("individual_digits", true);
        }
        split.ifPresent(expression -> {
            ObjectNode step = steps.addObject().put("type", "Split");
            step.putObject("pattern").put("Regex", expression);
            step.put("behavior", "Isolated").put("invert", false);
        });
        steps.add(byteLevel(split.isEmpty()));
        return sequence;
    }

    /** Bytes as printable characters; with {@code useRegex} also the cutting of GPT-2. */
    static ObjectNode byteLevel(boolean useRegex) {
        return Json.mapper()
                .createObjectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", useRegex);
    }
}
