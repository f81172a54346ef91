package dev.modelfamily.trainer.weights.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.trainer.weights.gguf.Vocabulary.Token;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tokenizer of a GGUF file as the files of a Hugging Face folder. Two kinds exist in Llama-type models: byte-level BPE
 * ({@code gpt2}) and SentencePiece BPE with byte fallback ({@code llama}).
 */
final class GgufTokenizer {
    /** How SentencePiece writes a space. */
    private static final String SPACE = "\u2581";

    private final Metadata metadata;
    private final Vocabulary vocabulary;
    private final boolean sentencePiece;
    private final Optional<Token> begin;
    private final Optional<Token> end;
    private final Optional<Token> unknown;

    private GgufTokenizer(Metadata metadata) {
        this.metadata = metadata;
        String kind = metadata.requiredText("tokenizer.ggml.model");
        if (!kind.equals("gpt2") && !kind.equals("llama")) {
            throw metadata.bad(
                    "has tokenizer.ggml.model '" + kind + "', which is not supported; supported are gpt2 and llama");
        }
        this.sentencePiece = kind.equals("llama");
        this.vocabulary = Vocabulary.of(metadata);
        this.begin = vocabulary.named(metadata, "tokenizer.ggml.bos_token_id");
        this.end = vocabulary.named(metadata, "tokenizer.ggml.eos_token_id");
        this.unknown = vocabulary
                .named(metadata, "tokenizer.ggml.unknown_token_id")
                .or(() -> sentencePiece ? Optional.of(vocabulary.tokens().getFirst()) : Optional.empty());
    }

    /** {@code tokenizer.json}, {@code tokenizer_config.json} and {@code special_tokens_map.json}. */
    static SortedMap<String, byte[]> files(Metadata metadata) {
        GgufTokenizer tokenizer = new GgufTokenizer(metadata);
        SortedMap<String, byte[]> files = new TreeMap<>();
        files.put("tokenizer.json", bytes(tokenizer.tokenizer()));
        files.put("tokenizer_config.json", bytes(tokenizer.config()));
        files.put("special_tokens_map.json", bytes(tokenizer.specialTokens()));
        return files;
    }

    private static byte[] bytes(ObjectNode json) {
        return Json.line(json).getBytes(StandardCharsets.UTF_8);
    }

    private ObjectNode tokenizer() {
        ObjectNode json = Json.mapper().createObjectNode().put("version", "1.0");
        json.putNull("truncation").putNull("padding");
        ArrayNode added = json.putArray("added_tokens");
        for (Token token : vocabulary.tokens()) {
            boolean isUnknown = unknown.filter(token::equals).isPresent();
            if (token.added() || isUnknown) {
                added.addObject()
                        .put("id", token.id())
                        .put("content", token.text())
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", token.special() || isUnknown);
            }
        }
        if (sentencePiece) {
            sentencePiece(json);
        } else {
            byteLevel(json);
        }
        return json;
    }

    private void byteLevel(ObjectNode json) {
        PreTokenizer words = PreTokenizer.of(metadata);
        if (words.normalizes()) {
            json.putObject("normalizer").put("type", "NFC");
        } else {
            json.putNull("normalizer");
        }
        json.set("pre_tokenizer", words.json());
        Optional<ObjectNode> template = template(words.beginsText());
        if (template.isPresent()) {
            ObjectNode sequence = json.putObject("post_processor").put("type", "Sequence");
            sequence.putArray("processors").add(PreTokenizer.byteLevel(true)).add(template.get());
        } else {
            json.set("post_processor", PreTokenizer.byteLevel(true));
        }
        json.set("decoder", PreTokenizer.byteLevel(true));
        model(json, metadata.texts("tokenizer.ggml.merges"), false, words.ignoreMerges());
    }

    private void sentencePiece(ObjectNode json) {
        // As llama.cpp does it, a space goes before the text and before what follows a special token.
        boolean prefix = metadata.flag("tokenizer.ggml.add_space_prefix").orElse(true);
        ArrayNode normalizers =
                json.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        if (prefix) {
            normalizers.addObject().put("type", "Prepend").put("prepend", SPACE);
        }
        replace(normalizers, " ", SPACE);
        json.putNull("pre_tokenizer");
        json.set("post_processor", template(true).orElse(null));
        ArrayNode decoders = json.putObject("decoder").put("type", "Sequence").putArray("decoders");
        replace(decoders, SPACE, " ");
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        if (prefix) {
            decoders.addObject()
                    .put("type", "Strip")
                    .put("content", " ")
                    .put("start", 1)
                    .put("stop", 0);
        }
        List<Double> scores = metadata.reals("tokenizer.ggml.scores");
        if (scores.size() != vocabulary.tokens().size()) {
            throw metadata.bad("has " + scores.size() + " scores for "
                    + vocabulary.tokens().size() + " tokens");
        }
        model(json, SentencePieceMerges.of(vocabulary, scores), true, false);
    }

    private static void replace(ArrayNode steps, String from, String to) {
        ObjectNode step = steps.addObject().put("type", "Replace");
        step.putObject("pattern").put("String", from);
        step.put("content", to);
    }

    private void model(ObjectNode json, List<String> merges, boolean byteFallback, boolean ignoreMerges) {
        ObjectNode model = json.putObject("model").put("type", "BPE");
        model.putNull("dropout");
        if (sentencePiece) {
            unknown.ifPresent(token -> model.put("unk_token", token.text()));
        } else {
            model.putNull("unk_token");
        }
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", sentencePiece);
        model.put("byte_fallback", byteFallback);
        model.put("ignore_merges", ignoreMerges);
        ObjectNode ids = model.putObject("vocab");
        vocabulary.tokens().forEach(token -> ids.put(token.text(), token.id()));
        ArrayNode list = model.putArray("merges");
        for (String merge : merges) {
            checkMerge(merge);
            list.add(merge);
        }
    }

    private void checkMerge(String merge) {
        int space = merge.indexOf(' ', 1);
        if (space < 0 || !vocabulary.ids().containsKey(merge.substring(0, space) + merge.substring(space + 1))) {
            throw metadata.bad("has the merge '" + merge + "', whose result is no token; its tokenizer is damaged");
        }
    }

    /** What is put around a text when special tokens are asked for; empty where nothing is. */
    private Optional<ObjectNode> template(boolean beginsText) {
        Optional<Token> first =
                begin.filter(_ -> metadata.flag("tokenizer.ggml.add_bos_token").orElse(beginsText));
        Optional<Token> last =
                end.filter(_ -> metadata.flag("tokenizer.ggml.add_eos_token").orElse(false));
        if (first.isEmpty() && last.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode json = Json.mapper().createObjectNode().put("type", "TemplateProcessing");
        ArrayNode single = json.putArray("single");
        first.ifPresent(token -> piece(single, "SpecialToken", token.text(), 0));
        piece(single, "Sequence", "A", 0);
        last.ifPresent(token -> piece(single, "SpecialToken", token.text(), 0));
        ArrayNode pair = json.putArray("pair").addAll(single);
        first.ifPresent(token -> piece(pair, "SpecialToken", token.text(), 1));
        piece(pair, "Sequence", "B", 1);
        last.ifPresent(token -> piece(pair, "SpecialToken", token.text(), 1));
        ObjectNode special = json.putObject("special_tokens");
        for (Token token :
                List.of(first, last).stream().flatMap(Optional::stream).toList()) {
            ObjectNode entry = special.putObject(token.text()).put("id", token.text());
            entry.putArray("ids").add(token.id());
            entry.putArray("tokens").add(token.text());
        }
        return Optional.of(json);
    }

    private static void piece(ArrayNode pieces, String kind, String id, int type) {
        pieces.addObject().putObject(kind).put("id", id).put("type_id", type);
    }

    private ObjectNode specialTokens() {
        ObjectNode json = Json.mapper().createObjectNode();
        begin.ifPresent(token -> json.put("bos_token", token.text()));
        end.ifPresent(token -> json.put("eos_token", token.text()));
        unknown.ifPresent(token -> json.put("unk_token", token.text()));
        vocabulary
                .named(metadata, "tokenizer.ggml.padding_token_id")
                .ifPresent(token -> json.put("pad_token", token.text()));
        return json;
    }

    private ObjectNode config() {
        ObjectNode json = Json.mapper().createObjectNode().put("tokenizer_class", "PreTrainedTokenizerFast");
        json.put("clean_up_tokenization_spaces", false);
        metadata.text("general.architecture")
                .flatMap(architecture -> metadata.number(architecture + ".context_length"))
                .ifPresent(length -> json.put("model_max_length", length));
        json.setAll(specialTokens());
        metadata.text("tokenizer.chat_template").ifPresent(template -> json.put("chat_template", template));
        return json;
    }
}
