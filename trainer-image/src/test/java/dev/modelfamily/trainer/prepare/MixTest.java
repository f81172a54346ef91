package dev.modelfamily.trainer.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.DataFormat;
import dev.modelfamily.trainer.corpus.BadLines;
import dev.modelfamily.trainer.corpus.Corpus;
import dev.modelfamily.trainer.tokenize.BpeTrainer;
import dev.modelfamily.trainer.tokenize.Encoded;
import dev.modelfamily.trainer.tokenize.TextTokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixTest {
    @TempDir
    Path folder;

    private final TextTokenizer tokenizer = bytes();
    private final Mix mix = new Mix();

    @AfterEach
    void close() {
        mix.close();
        tokenizer.close();
    }

    @Test
    void tokensAreDrawnInProportionToTheWeights() throws IOException {
        mix.add(corpus("a", "a".repeat(5), 300), 3);
        mix.add(corpus("b", "b".repeat(15), 300), 1);
        String drawn = draw();
        long a = drawn.chars().filter(c -> c == 'a').count();
        long b = drawn.chars().filter(c -> c == 'b').count();
        assertThat(a).isEqualTo(300 * 5);
        assertThat(b).isBetween(a / 3 - 15, a / 3 + 15);
    }

    @Test
    void itEndsWhereTheFirstCorpusIsUsedUp() throws IOException {
        mix.add(corpus("a", "a", 10), 1);
        mix.add(corpus("b", "b", 1000), 1);
        assertThat(draw()).hasSizeBetween(20, 21);
    }

    @Test
    void oneCorpusAloneIsReadToItsEnd() throws IOException {
        mix.add(corpus("a", "a", 3000), 7);
        assertThat(draw()).hasSize(3000);
    }

    @Test
    void aDocumentInPartsIsNotBrokenUp() throws IOException {
        String line = "a".repeat(100) + "\n";
        Path file = Files.writeString(folder.resolve("long.txt"), line.repeat(2000));
        Corpus.Reading reading = new Corpus.Reading(DataFormat.Text, "text", true, false);
        mix.add(new Encoded(new Corpus(List.of(file), reading, new BadLines()), tokenizer), 1);
        mix.add(corpus("b", "b", 5000), 1);
        assertThat(draw()).startsWith(line.repeat(2000) + "b");
    }

    private String draw() {
        StringBuilder text = new StringBuilder();
        for (Optional<Encoded.Ids> ids = mix.next(); ids.isPresent(); ids = mix.next()) {
            text.append(tokenizer.decode(ids.get().ids()));
        }
        return text.toString();
    }

    private Encoded corpus(String name, String text, int documents) throws IOException {
        String line = "{\"text\":\"" + text + "\"}\n";
        Path file = Files.writeString(folder.resolve(name + ".jsonl"), line.repeat(documents));
        Corpus.Reading reading = new Corpus.Reading(DataFormat.Jsonl, "text", true, true);
        return new Encoded(new Corpus(List.of(file), reading, new BadLines()), tokenizer);
    }

    /** A tokenizer without merges: one token a byte. */
    private static TextTokenizer bytes() {
        String json = new BpeTrainer().train(257).tokenizerJson().toString();
        return TextTokenizer.of(json.getBytes(StandardCharsets.UTF_8), "bytes");
    }
}
