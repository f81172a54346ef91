package dev.modelfamily.trainer.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTokenizerTest {
    private static final ObjectNode NO_CONFIG = Json.mapper().createObjectNode();

    @Test
    void aLongTextIsNeitherCutNorGivenSpecialTokens() {
        try (TextTokenizer tokenizer = BpeTrainerTest.tokenizer("word word", 258)) {
            int[] ids = tokenizer.encode("word ".repeat(1000));
            assertThat(ids.length).isGreaterThan(3000);
            assertThat(ids).doesNotContain(0);
        }
    }

    @Test
    void textsOfABatchKeepTheirOrder() {
        try (TextTokenizer tokenizer = BpeTrainerTest.tokenizer("word word", 258)) {
            List<int[]> ids = tokenizer.encodeAll(List.of("a", "", "word"));
            assertThat(ids.get(0)).isEqualTo(tokenizer.encode("a"));
            assertThat(ids.get(1)).isEmpty();
            assertThat(ids.get(2)).isEqualTo(tokenizer.encode("word"));
        }
    }

    @Test
    void aTextCutBetweenALineEndAndALetterKeepsItsIds() {
        String text = "one line.\nAnother line\n\n  indented\nand  spaces \nLast one's 12\nend";
        try (TextTokenizer tokenizer = BpeTrainerTest.tokenizer(text, 290)) {
            assertThat(tokenizer.cutsAtLines()).isTrue();
            int cut = text.indexOf("\nand") + 1;
            int[] first = tokenizer.encode(text.substring(0, cut));
            int[] second = tokenizer.encode(text.substring(cut));
            int[] joined = Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, joined, first.length, second.length);
            assertThat(joined).isEqualTo(tokenizer.encode(text));
        }
    }

    @Test
    void aSentencePieceTokenizerIsNotCut() throws Exception {
        assertThat(new TokenizerFile(Json.mapper().readTree("""
                                {"added_tokens":[],"normalizer":{"type":"Sequence","normalizers":[
                                {"type":"Prepend","prepend":"_"}]},"pre_tokenizer":null,"model":{"vocab":{}}}
                                """)).cutsAtLines()).isFalse();
    }

    @Test
    void thePreTrainingSeparatorComesBeforeTheConfigurationsEndOfSequence() throws Exception {
        ObjectNode config = Json.mapper().createObjectNode().put("eos_token_id", 2);
        assertThat(file("{\"id\":7,\"content\":\"<|endoftext|>\"}").endOfText(config))
                .isEqualTo(7);
        assertThat(file("{\"id\":7,\"content\":\"<|im_end|>\"}").endOfText(config))
                .isEqualTo(2);
    }

    @Test
    void ofSeveralEndsOfSequenceTheFirstCounts() throws Exception {
        ObjectNode config = Json.mapper().createObjectNode();
        config.putArray("eos_token_id").add(5).add(6);
        assertThat(file("").endOfText(config)).isEqualTo(5);
    }

    @Test
    void aModelWithoutAnyEndOfTextIsRefused() throws Exception {
        TokenizerFile file = file("");
        assertThatThrownBy(() -> file.endOfText(NO_CONFIG))
                .isInstanceOf(StageException.class)
                .hasMessageContaining("has no end-of-text token");
    }

    @Test
    void whatIsNoTokenizerIsRefusedByName() {
        assertRefused("{}", "no object 'model'");
        assertRefused("", "no object 'model'");
        assertRefused("no json", "is not a tokenizer");
        assertRefused("{\"model\":{\"type\":\"Unheard\"}}", "is not a tokenizer");
    }

    @Test
    void aMissingTokenizerIsNotFound() {
        assertThatThrownBy(() -> TextTokenizer.open(Path.of("/nowhere/tokenizer.json")))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NOT_FOUND))
                .hasMessageContaining("/nowhere/tokenizer.json does not exist");
    }

    private static TokenizerFile file(String addedTokens) throws Exception {
        return new TokenizerFile(Json.mapper().readTree("{\"added_tokens\":[" + addedTokens + "]}"));
    }

    private static void assertRefused(String json, String why) {
        assertThatThrownBy(() -> TextTokenizer.of(json.getBytes(StandardCharsets.UTF_8), "here.json"))
                .isInstanceOf(StageException.class)
                .hasMessageContaining("here.json")
                .hasMessageContaining(why);
    }
}
