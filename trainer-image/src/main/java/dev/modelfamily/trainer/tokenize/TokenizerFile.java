package dev.modelfamily.trainer.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What a {@code tokenizer.json} says of itself. */
record TokenizerFile(JsonNode json) {
    /** The separators of documents in pre-training: of GPT-2, SmolLM and Qwen; of Llama 3. */
    private static final List<String> SEPARATORS = List.of("<|endoftext|>", "<|end_of_text|>");

    /** The mark of the GPT-2 family of patterns, which leaves a white-space run's last character to the word that follows. */
    private static final String GPT_PATTERN = "\\s+(?!\\S)";

    /** One more than the largest id. */
    int vocabulary() {
        int largest = -1;
        for (JsonNode added : json.path("added_tokens")) {
            largest = Math.max(largest, added.path("id").asInt());
        }
        JsonNode vocabulary = json.path("model").path("vocab");
        if (vocabulary.isArray()) { // a unigram model: [token, score] by id
            return Math.max(largest + 1, vocabulary.size());
        }
        for (JsonNode id : vocabulary) {
            largest = Math.max(largest, id.asInt());
        }
        return largest + 1;
    }

    int endOfText(JsonNode config) {
        for (String separator : SEPARATORS) {
            OptionalInt id = addedToken(separator);
            if (id.isPresent()) {
                return id.getAsInt();
            }
        }
        JsonNode end = config.path("eos_token_id");
        JsonNode first = end.isArray() ? end.path(0) : end;
        if (first.isIntegralNumber() && first.canConvertToInt()) {
            return first.intValue();
        }
        throw new StageException(
                ExitCode.BAD_DATA,
                "the model has no end-of-text token: neither 'eos_token_id' in its config.json nor any of " + SEPARATORS
                        + " in its tokenizer.json; add eos_token_id to config.json");
    }

    /**
     * True for byte-level BPE of the GPT-2 family, whose patterns never join a line end to a letter behind it. A tokenizer that
     * writes a mark before each text (SentencePiece), or has added tokens that swallow white space before them, is not.
     */
    boolean cutsAtLines() {
        boolean swallows = elements(json.path("added_tokens"))
                .anyMatch(token -> token.path("lstrip").asBoolean());
        return !swallows && normalizerKeepsLines() && splitsAtLines(json.path("pre_tokenizer"));
    }

    private boolean normalizerKeepsLines() {
        JsonNode normalizer = json.path("normalizer");
        return !normalizer.isObject() || normalizer.path("type").asText().equals("NFC");
    }

    private static boolean splitsAtLines(JsonNode preTokenizer) {
        List<JsonNode> steps = preTokenizer.path("type").asText().equals("Sequence")
                ? elements(preTokenizer.path("pretokenizers")).toList()
                : List.of(preTokenizer);
        return steps.stream().allMatch(TokenizerFile::keepsLines)
                && steps.stream().anyMatch(TokenizerFile::isGptPattern);
    }

    private static boolean keepsLines(JsonNode step) {
        return switch (step.path("type").asText()) {
            case "Digits" -> true;
            case "ByteLevel" -> !step.path("add_prefix_space").asBoolean(true);
            case "Split" -> isGptPattern(step);
            default -> false;
        };
    }

    private static boolean isGptPattern(JsonNode step) {
        return switch (step.path("type").asText()) {
            case "ByteLevel" -> step.path("use_regex").asBoolean(true);
            case "Split" -> step.path("pattern").path("Regex").asText().contains(GPT_PATTERN);
            default -> false;
        };
    }

    private OptionalInt addedToken(String content) {
        return elements(json.path("added_tokens"))
                .filter(token -> token.path("content").asText().equals(content))
                .mapToInt(token -> token.path("id").asInt())
                .findFirst();
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
