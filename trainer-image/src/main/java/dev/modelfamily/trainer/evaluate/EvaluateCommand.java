package dev.modelfamily.trainer.evaluate;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Reporting;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.ModelShapes;
import dev.modelfamily.planner.Parameters;
import dev.modelfamily.trainer.data.EvaluationWindows;
import dev.modelfamily.trainer.data.Tokens;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Loading;
import dev.modelfamily.trainer.report.Memory;
import dev.modelfamily.trainer.report.Reporter;
import dev.modelfamily.trainer.tokenize.TextTokenizer;
import dev.modelfamily.trainer.torch.Threads;
import dev.modelfamily.trainer.weights.Models;
import dev.modelfamily.trainer.weights.OpenModel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code evaluate}: the perplexity of any model on any text. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures the perplexity of a model on a text, over windows that do not overlap; no special"
                + " tokens are added to a text. Progress goes to standard error.")
public final class EvaluateCommand implements Callable<Integer> {
    private static final String TOKENIZER = "tokenizer.json";
    private static final int USUAL_CONTEXT = 512;

    /** The ways to print a measurement. */
    enum Output {
        text,
        json
    }

    /** What is printed. */
    record Measured(
            String model,
            String text,
            double perplexity,
            int context,
            int windows,
            long predictions,
            long tokens,
            long parameters) {}

    @picocli.CommandLine.Parameters(
            paramLabel = "MODEL",
            description = "A folder in the Hugging Face format, stock or factored, or a GGUF file.")
    private Path model;

    @Option(
            names = "--text",
            required = true,
            paramLabel = "FILE",
            description =
                    "The text, in UTF-8; or documents, where the name ends in .jsonl or .parquet, which are read as the"
                            + " evaluation sets of a family are: with the end-of-text token after each.")
    private Path text;

    @Option(
            names = "--text-field",
            paramLabel = "NAME",
            defaultValue = "text",
            description = "The field or column of a document that holds its text. Default: ${DEFAULT-VALUE}")
    private String textField;

    @Option(
            names = "--context",
            paramLabel = "N",
            description = "Tokens of a window. Default: 512, or what the model has if that is less.")
    private int context;

    @Option(
            names = "--max-windows",
            paramLabel = "N",
            defaultValue = "0",
            description = "Windows to read at most, from the start of the text; 0 for all. Default: ${DEFAULT-VALUE}")
    private int maxWindows;

    @Option(
            names = "--output",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private Output output;

    @Mixin
    private final Threads threads = new Threads();

    @Override
    public Integer call() {
        Measured measured = Memory.enoughFor(this::measure);
        System.out.println(
                switch (output) {
                    case json -> Json.line(measured);
                    case text ->
                        String.format(
                                Locale.ROOT,
                                "perplexity %.4f over %,d predictions in %,d windows of %d tokens",
                                measured.perplexity(),
                                measured.predictions(),
                                measured.windows(),
                                measured.context());
                });
        return ExitCode.DONE.code();
    }

    private Measured measure() {
        threads.set();
        try (OpenModel open = Models.open(model);
                Reporter reporter = Reporter.toStandardError(
                        "evaluate", model.toString(), 1, new Reporting(0, 10, threads.asked()))) {
            ModelShape shape = ModelShapes.of(open.config());
            int length = length(shape);
            Tokens tokens = tokens(open);
            EvaluationWindows windows = new EvaluationWindows(tokens, length, maxWindows);
            try (LanguageModel loaded = Loading.load(open, reporter.begin("load", 0, Parameters.of(shape)))) {
                Perplexity found =
                        Perplexity.of(loaded, windows, reporter.begin("evaluate", 0, (long) windows.count() * length));
                return new Measured(
                        model.toString(),
                        text.toString(),
                        found.value(),
                        length,
                        found.windows(),
                        found.predictions(),
                        tokens.count(),
                        loaded.parameters());
            }
        }
    }

    private int length(ModelShape shape) {
        if (context < 0 || context > shape.maxPositions() || maxWindows < 0) {
            throw new StageException(
                    ExitCode.BAD_ORDER,
                    "--context " + context + " --max-windows " + maxWindows + ": the model has " + shape.maxPositions()
                            + " positions, and neither number can be negative");
        }
        return context == 0 ? Math.min(USUAL_CONTEXT, shape.maxPositions()) : context;
    }

    private Tokens tokens(OpenModel open) {
        try (TextTokenizer tokenizer = TextTokenizer.of(open.companions().get(TOKENIZER), model + "/" + TOKENIZER)) {
            return new EvaluationText(text, textField, tokenizer, tokenizer.endOfText(open.config())).tokens();
        }
    }
}
