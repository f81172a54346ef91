package dev.modelfamily.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.trainer.Main;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Loading;
import dev.modelfamily.trainer.report.Progression;
import dev.modelfamily.trainer.stage.TinyFamily;
import dev.modelfamily.trainer.tokenize.TextTokenizer;
import dev.modelfamily.trainer.torch.Torch;
import dev.modelfamily.trainer.weights.Models;
import dev.modelfamily.trainer.weights.OpenModel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("torch")
class EvaluateCommandTest {
    private static final String TEXT = "the lowest of the newest and the wider text, then some more of it. ".repeat(20);
    private static final int CONTEXT = 16;

    @TempDir
    private Path folder;

    private Path model;
    private Path text;

    @BeforeEach
    void makeModel() throws Exception {
        Torch.setThreads(1);
        model = new TinyFamily(folder).parent();
        text = Files.writeString(folder.resolve("text.txt"), TEXT);
    }

    private int evaluate(ByteArrayOutputStream output, String... options) {
        List<String> arguments = new ArrayList<>(List.of("evaluate", model.toString(), "--text", text.toString()));
        arguments.addAll(Arrays.asList(options));
        PrintStream before = System.out;
        try {
            System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
            return Main.run(arguments.toArray(String[]::new));
        } finally {
            System.setOut(before);
        }
    }

    private int evaluate(String... options) {
        return evaluate(new ByteArrayOutputStream(), options);
    }

    /** exp of the mean of log(sum(exp(logits))) - logit of the next token, straight from the definition. */
    private double perplexity(int[] ids, int windows) {
        try (OpenModel open = Models.open(model);
                LanguageModel loaded = Loading.load(open, Progression.SILENT)) {
            int vocabulary = loaded.shape().vocabulary();
            double sum = 0;
            for (int window = 0; window < windows; window++) {
                int[] row = Arrays.copyOfRange(ids, window * CONTEXT, (window + 1) * CONTEXT);
                float[] logits = loaded.logits(new int[][] {row});
                for (int i = 0; i + 1 < CONTEXT; i++) {
                    double total = 0;
                    for (int id = 0; id < vocabulary; id++) {
                        total += Math.exp(logits[i * vocabulary + id]);
                    }
                    sum += Math.log(total) - logits[i * vocabulary + row[i + 1]];
                }
            }
            return Math.exp(sum / (windows * (CONTEXT - 1)));
        }
    }

    @Test
    void perplexityIsThatOfItsDefinition() throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();

        assertThat(evaluate(output, "--context", "16", "--max-windows", "5", "--output", "json", "--threads", "1"))
                .isZero();

        JsonNode measured = Json.mapper().readTree(output.toString(StandardCharsets.UTF_8));
        double expected = perplexity(ids(TEXT), 5);
        assertThat(measured.path("perplexity").asDouble()).isCloseTo(expected, within(1e-4 * expected));
        assertThat(measured.path("windows").asInt()).isEqualTo(5);
        assertThat(measured.path("predictions").asInt()).isEqualTo(5 * 15);
        assertThat(measured.path("context").asInt()).isEqualTo(16);
    }

    private int[] ids(String part) {
        try (TextTokenizer tokenizer = TextTokenizer.open(model.resolve("tokenizer.json"))) {
            return tokenizer.encode(part);
        }
    }

    @Test
    void documentsAreReadAsTheEvaluationSetsOfAFamilyAre() throws Exception {
        String first = TEXT.substring(0, TEXT.length() / 2);
        String second = TEXT.substring(TEXT.length() / 2);
        text = folder.resolve("documents.jsonl");
        Files.write(text, List.of(Json.line(Map.of("body", first)), Json.line(Map.of("body", second))));
        int endOfText;
        try (OpenModel open = Models.open(model);
                TextTokenizer tokenizer = TextTokenizer.open(model.resolve("tokenizer.json"))) {
            endOfText = tokenizer.endOfText(open.config());
        }
        int[] joined = Stream.of(ids(first), new int[] {endOfText}, ids(second))
                .flatMapToInt(IntStream::of)
                .toArray();
        int windows = joined.length / CONTEXT;
        ByteArrayOutputStream output = new ByteArrayOutputStream();

        assertThat(evaluate(output, "--context", "16", "--text-field", "body", "--output", "json"))
                .isZero();

        JsonNode measured = Json.mapper().readTree(output.toString(StandardCharsets.UTF_8));
        double expected = perplexity(joined, windows);
        assertThat(measured.path("perplexity").asDouble()).isCloseTo(expected, within(1e-4 * expected));
        assertThat(measured.path("tokens").asInt()).isEqualTo(joined.length + 1);
    }

    @Test
    void textIsTheUsualOutput() {
        ByteArrayOutputStream output = new ByteArrayOutputStream();

        assertThat(evaluate(output, "--context", "16", "--max-windows", "1")).isZero();

        assertThat(output.toString(StandardCharsets.UTF_8))
                .matches("perplexity [\\d.]+ over 15 predictions in 1 windows of 16 tokens\\n");
    }

    @Test
    void aContextThatTheModelDoesNotHaveIsABadOrder() {
        assertThat(evaluate("--context", "129")).isEqualTo(ExitCode.BAD_ORDER.code());
        assertThat(evaluate("--context", "1")).isEqualTo(ExitCode.BAD_ORDER.code());
        assertThat(evaluate("--contxt", "16")).isEqualTo(ExitCode.BAD_ORDER.code());
    }

    @Test
    void aTextThatIsTooShortOrNotUtf8IsBadData() throws Exception {
        Files.writeString(text, "short");
        assertThat(evaluate()).isEqualTo(ExitCode.BAD_DATA.code());
        Files.write(text, new byte[] {'a', (byte) 0xff, 'b'});
        assertThat(evaluate()).isEqualTo(ExitCode.BAD_DATA.code());
    }

    @Test
    void documentsThatAreBrokenAreBadData() throws Exception {
        text = Files.writeString(folder.resolve("documents.jsonl"), "{\"text\": 1}\nno JSON\n");
        assertThat(evaluate("--context", "16")).isEqualTo(ExitCode.BAD_DATA.code());
    }

    @Test
    void aTextOrModelThatIsMissingIsNotFound() throws Exception {
        Files.delete(text);
        assertThat(evaluate()).isEqualTo(ExitCode.NOT_FOUND.code());
        model = folder.resolve("none");
        assertThat(evaluate()).isEqualTo(ExitCode.NOT_FOUND.code());
    }
}
