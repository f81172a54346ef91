package dev.modelfamily.trainer.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.contract.StageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BpeTrainerTest {
    private static final String TEXT =
            "low lower lowest new newer newest wide wider widest 1984 don't naïve 日本 🙂\n\nthe end\n";

    @Test
    void theMostFrequentPairIsMergedFirst() {
        assertThat(mergesOf("ab ab ab cd", 1)).containsExactly("a b");
        assertThat(mergesOf("xab yab cd cd", 1)).containsExactly("a b");
    }

    @Test
    void aMergedPairIsMergedOn() {
        assertThat(mergesOf("abc abc abc", 2)).containsExactly("a b", "ab c");
    }

    @Test
    void repeatedSymbolsAreCountedWithoutOverlap() {
        assertThat(mergesOf("aaaa", 2)).containsExactly("a a", "aa aa");
    }

    @Test
    void theOrderOfTheTextsDoesNotMatter() {
        BpeTrainer forward = new BpeTrainer();
        BpeTrainer backward = new BpeTrainer();
        List<String> texts = List.of("some words", "and other words", TEXT);
        texts.forEach(forward::add);
        texts.reversed().forEach(backward::add);
        assertThat(forward.train(290)).isEqualTo(backward.train(290));
    }

    @Test
    void aTextWithTooFewPairsIsRefused() {
        assertThatThrownBy(() -> vocabulary("ab", 300))
                .isInstanceOf(StageException.class)
                .hasMessageContaining("only 258 tokens where a vocabulary of 300");
    }

    @Test
    void theTokenizerGivesTheTextBack() {
        try (TextTokenizer tokenizer = tokenizer(TEXT, 290)) {
            String other = "any other text, with 12.5 % ünïcödé\tand\ttabs\r\n";
            assertThat(tokenizer.decode(tokenizer.encode(TEXT))).isEqualTo(TEXT);
            assertThat(tokenizer.decode(tokenizer.encode(other))).isEqualTo(other);
        }
    }

    @Test
    void digitsAreTokensOfTheirOwn() {
        try (TextTokenizer tokenizer = tokenizer("1984 1984 1984 low low", 260)) {
            assertThat(tokenizer.encode("1984")).hasSize(4);
        }
    }

    @Test
    void theEndOfTextIsIdZero() {
        try (TextTokenizer tokenizer = tokenizer(TEXT, 270)) {
            assertThat(tokenizer.encode("<|endoftext|>")).containsExactly(0);
            assertThat(tokenizer.vocabulary()).isEqualTo(270);
        }
    }

    private static List<String> mergesOf(String text, int merges) {
        List<String> lines = new ArrayList<>();
        vocabulary(text, BpeVocabulary.FIRST_MERGED + merges)
                .tokenizerJson()
                .path("model")
                .path("merges")
                .forEach(line -> lines.add(line.asText()));
        return lines;
    }

    static TextTokenizer tokenizer(String text, int size) {
        String json = vocabulary(text, size).tokenizerJson().toString();
        return TextTokenizer.of(json.getBytes(StandardCharsets.UTF_8), "the test's tokenizer");
    }

    private static BpeVocabulary vocabulary(String text, int size) {
        BpeTrainer trainer = new BpeTrainer();
        trainer.add(text);
        return trainer.train(size);
    }
}
