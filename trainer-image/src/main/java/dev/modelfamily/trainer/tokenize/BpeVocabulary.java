package dev.modelfamily.trainer.tokenize;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A byte-level BPE vocabulary. Ids: 0 is {@value #END_OF_TEXT}, 1 to 256 are the bytes in the order of the characters that
 * stand for them, then one for each merge.
 *
 * @param merges in the order they were learned
 */
public record BpeVocabulary(List<Merge> merges) {
    /** The token between two documents, with id 0. */
    public static final String END_OF_TEXT = "<|endoftext|>";

    private static final int FIRST_BYTE = 1;
    static final int FIRST_MERGED = FIRST_BYTE + 256;

    /** The printable character that stands for each byte, as GPT-2 has it. */
    private static final char[] CHARACTERS = characters();

    /** The id of each byte: its character's place among all of them. */
    private static final int[] BYTE_IDS = byteIds();

    /** The ids of the two symbols that become one. */
    public record Merge(int left, int right) {}

    /** The number of tokens. */
    public int size() {
        return FIRST_MERGED + merges.size();
    }

    /** The ids of a word's UTF-8 bytes. */
    static int[] bytesOf(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        int[] ids = new int[bytes.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = BYTE_IDS[Byte.toUnsignedInt(bytes[i])];
        }
        return ids;
    }

    /** Writes {@code tokenizer.json} and {@code tokenizer_config.json}, which the Hugging Face tools load. */
    public void write(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new StageException(ExitCode.UNREACHABLE, "cannot create " + folder + ": " + e.getMessage(), e);
        }
        Json.writeAtomically(folder.resolve("tokenizer.json"), tokenizerJson());
        Json.writeAtomically(folder.resolve("tokenizer_config.json"), configuration());
    }

    /** The content of {@code tokenizer.json}. */
    public ObjectNode tokenizerJson() {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("version", "1.0");
        json.putNull("truncation");
        json.putNull("padding");
        json.putArray("added_tokens").add(endOfText().put("id", 0));
        json.putNull("normalizer");
        ArrayNode steps =
                json.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        steps.addObject().put("type", "Digits").put("individual_digits", true);
        byteLevel(steps.addObject());
        json.putNull("post_processor");
        byteLevel(json.putObject("decoder"));
        ObjectNode model = json.putObject("model").put("type", "BPE");
        model.putNull("dropout");
        model.putNull("unk_token");
        model.putNull("continuing_subword_prefix");
        model.putNull("end_of_word_suffix");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
        List<String> tokens = tokens();
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.put(tokens.get(id), id);
        }
        ArrayNode lines = model.putArray("merges");
        merges.forEach(merge -> lines.add(tokens.get(merge.left) + " " + tokens.get(merge.right)));
        return json;
    }

    private ObjectNode configuration() {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("tokenizer_class", "PreTrainedTokenizerFast");
        json.put("bos_token", END_OF_TEXT).put("eos_token", END_OF_TEXT).put("unk_token", END_OF_TEXT);
        json.put("clean_up_tokenization_spaces", false);
        json.putObject("added_tokens_decoder").set("0", endOfText());
        return json;
    }

    private List<String> tokens() {
        List<String> tokens = new ArrayList<>(size());
        tokens.add(END_OF_TEXT);
        String[] bytes = new String[256];
        for (int value = 0; value < 256; value++) {
            bytes[BYTE_IDS[value] - FIRST_BYTE] = String.valueOf(CHARACTERS[value]);
        }
        tokens.addAll(List.of(bytes));
        merges.forEach(merge -> tokens.add(tokens.get(merge.left) + tokens.get(merge.right)));
        return tokens;
    }

    private static ObjectNode endOfText() {
        return Json.mapper()
                .createObjectNode()
                .put("content", END_OF_TEXT)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }

    private static void byteLevel(ObjectNode step) {
        step.put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", true);
    }

    private static char[] characters() {
        char[] characters = new char[256];
        char next = 256;
        for (int value = 0; value < 256; value++) {
            boolean printable = (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xFF && value != 0xAD);
            characters[value] = printable ? (char) value : next++;
        }
        return characters;
    }

    private static int[] byteIds() {
        int[] ids = new int[256];
        for (int value = 0; value < 256; value++) {
            int place = 0;
            for (char other : CHARACTERS) {
                place += other < CHARACTERS[value] ? 1 : 0;
            }
            ids[value] = FIRST_BYTE + place;
        }
        return ids;
    }
}
