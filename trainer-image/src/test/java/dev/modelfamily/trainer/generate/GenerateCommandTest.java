package dev.modelfamily.trainer.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.trainer.Main;
import dev.modelfamily.trainer.stage.TinyFamily;
import dev.modelfamily.trainer.tokenize.TextTokenizer;
import dev.modelfamily.trainer.torch.Torch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("torch")
class GenerateCommandTest {
    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void makeModel() {
        Torch.setThreads(1);
        model = new TinyFamily(folder).parent();
    }

    private int generate(String... options) {
        List<String> arguments = new ArrayList<>(List.of("generate", model.toString(), "--threads", "1"));
        arguments.addAll(Arrays.asList(options));
        return Main.run(arguments.toArray(String[]::new));
    }

    @Test
    void documentsAreJsonLinesWithAboutAsManyTokensAsWereAskedFor() throws Exception {
        Path out = folder.resolve("texts/generated.jsonl");

        assertThat(generate("--tokens", "200", "--length", "32", "--batch", "4", "--out", out.toString()))
                .isZero();

        long tokens = 0;
        try (TextTokenizer tokenizer = TextTokenizer.open(model.resolve("tokenizer.json"))) {
            for (String line : Files.readAllLines(out)) {
                JsonNode document = Json.mapper().readTree(line);
                tokens += tokenizer.encode(document.path("text").asText()).length;
            }
        }
        // Seven sequences of 32, without their separators; bytes that are no text are written in another way.
        assertThat(tokens).isBetween(100L, 700L);
    }

    @Test
    void theSameSeedGivesTheSameFile() throws Exception {
        Path one = folder.resolve("one.jsonl");
        Path two = folder.resolve("two.jsonl");
        Path other = folder.resolve("other.jsonl");
        generate("--tokens", "64", "--length", "32", "--seed", "3", "--out", one.toString());
        generate("--tokens", "64", "--length", "32", "--seed", "3", "--out", two.toString());
        generate("--tokens", "64", "--length", "32", "--seed", "4", "--out", other.toString());

        assertThat(two).hasSameBinaryContentAs(one);
        assertThat(Files.readString(other)).isNotEqualTo(Files.readString(one));
    }

    @Test
    void whatCannotBeIsRefusedBeforeAnythingIsLoaded() {
        assertThat(generate("--tokens", "0", "--out", "x.jsonl")).isEqualTo(64);
        assertThat(generate("--tokens", "9", "--out", "x.jsonl", "--temperature", "0"))
                .isEqualTo(64);
        assertThat(generate("--tokens", "9", "--out", "x.jsonl", "--top-p", "1.5"))
                .isEqualTo(64);
        assertThat(generate("--tokens", "9", "--out", "x.jsonl", "--length", "100000"))
                .isEqualTo(64);
    }
}
