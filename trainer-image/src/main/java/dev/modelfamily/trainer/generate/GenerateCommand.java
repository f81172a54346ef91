package dev.modelfamily.trainer.generate;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Reporting;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.ModelShapes;
import dev.modelfamily.planner.Parameters;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Loading;
import dev.modelfamily.trainer.report.Memory;
import dev.modelfamily.trainer.report.Reporter;
import dev.modelfamily.trainer.tokenize.TextTokenizer;
import dev.modelfamily.trainer.torch.Threads;
import dev.modelfamily.trainer.weights.AtomicFiles;
import dev.modelfamily.trainer.weights.Models;
import dev.modelfamily.trainer.weights.OpenModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code generate}: texts out of a model, as a corpus to train its members on. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Samples texts from a model, for whoever has none of the kind that it was trained on: a corpus for"
                        + " data.training or data.calibration. The same seed, batch and threads give the same texts. Progress goes"
                        + " to standard error.")
public final class GenerateCommand implements Callable<Integer> {
    private static final String TOKENIZER = "tokenizer.json";

    @picocli.CommandLine.Parameters(
            paramLabel = "MODEL",
            description = "A folder in the Hugging Face format, stock or factored, or a GGUF file.")
    private Path model;

    @Option(
            names = "--tokens",
            required = true,
            paramLabel = "N",
            description = "How many, rounded up to whole sequences.")
    private long tokens;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "Where the documents go: JSON lines with a string under \"text\".")
    private Path out;

    @Option(
            names = "--length",
            paramLabel = "N",
            description =
                    "Tokens of a sequence, which begins with a new document and may hold several. Default: 512, or"
                            + " what the model has if that is less.")
    private int length;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "16",
            description = "Sequences at once. Default: ${DEFAULT-VALUE}")
    private int batch;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "1",
            description = "What logits are divided by; 1 for the model's own distribution. Default: ${DEFAULT-VALUE}")
    private double temperature;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description =
                    "Sample from the most probable tokens that have this share together. Default: ${DEFAULT-VALUE}")
    private double topP;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Of all that is drawn by chance. Default: ${DEFAULT-VALUE}")
    private long seed;

    @Mixin
    private final Threads threads = new Threads();

    @Override
    public Integer call() {
        refuse(tokens < 1, "--tokens is " + tokens + "; ask for 1 or more");
        refuse(batch < 1, "--batch is " + batch + "; ask for 1 or more");
        refuse(
                !(temperature > 0) || Double.isInfinite(temperature),
                "--temperature is " + temperature + "; give a number above 0");
        refuse(!(topP > 0 && topP <= 1), "--top-p is " + topP + "; give a number above 0 and at most 1");
        List<String> documents = Memory.enoughFor(this::documents);
        StringBuilder lines = new StringBuilder();
        documents.forEach(text -> lines.append(Json.line(Map.of("text", text))).append('\n'));
        write(lines.toString().getBytes(StandardCharsets.UTF_8));
        System.out.printf(Locale.ROOT, "%,d documents in %s%n", documents.size(), out);
        return ExitCode.DONE.code();
    }

    private void write(byte[] content) {
        Path file = out.toAbsolutePath();
        try (AtomicFiles files = new AtomicFiles(file.getParent(), content.length)) {
            files.write(file.getFileName().toString(), content);
            files.commit();
        }
    }

    private static void refuse(boolean wrong, String what) {
        if (wrong) {
            throw new StageException(ExitCode.BAD_ORDER, what);
        }
    }

    private List<String> documents() {
        threads.set();
        try (OpenModel open = Models.open(model);
                TextTokenizer tokenizer = TextTokenizer.of(open.companions().get(TOKENIZER), model + "/" + TOKENIZER);
                Reporter reporter = Reporter.toStandardError(
                        "generate", model.toString(), 1, new Reporting(0, 10, threads.asked()))) {
            ModelShape shape = ModelShapes.of(open.config());
            int words = length(shape);
            int end = tokenizer.endOfText(open.config());
            try (LanguageModel loaded = Loading.load(open, reporter.begin("load", 0, Parameters.of(shape)))) {
                Generation generation = new Generation(new Sampler(temperature, topP), tokens, words, batch, seed);
                List<String> documents = new ArrayList<>();
                generation.run(
                        loaded,
                        end,
                        reporter.begin("generate", 0, generation.total()),
                        ids -> documents.add(tokenizer.decode(ids)));
                return documents;
            }
        }
    }

    private int length(ModelShape shape) {
        refuse(
                length < 0 || length == 1 || length > shape.maxPositions(),
                "--length is " + length + "; the model has " + shape.maxPositions() + " positions, and 2 are needed");
        return length == 0 ? Math.min(Generation.USUAL_LENGTH, shape.maxPositions()) : length;
    }
}
