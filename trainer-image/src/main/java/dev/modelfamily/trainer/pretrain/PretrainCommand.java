package dev.modelfamily.trainer.pretrain;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Reporting;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.recover.StopSignal;
import dev.modelfamily.trainer.report.Reporter;
import dev.modelfamily.trainer.torch.Threads;
import dev.modelfamily.trainer.weights.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pretrain}: a small model from scratch, as a Hugging Face folder. Stopped and started again, it goes on. */
@Command(
        name = "pretrain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Trains a small Llama-type model from scratch, with a tokenizer of its own.")
public final class PretrainCommand implements Callable<Integer> {
    @Option(names = "--texts", required = true, description = "The corpus: JSON lines with a string under \"text\".")
    private Path texts;

    @Option(names = "--out", required = true, description = "The folder that gets the model.")
    private Path out;

    @Option(names = "--work", required = true, description = "The folder of tokenizer, tokens and checkpoints.")
    private Path work;

    @Option(names = "--vocabulary", defaultValue = "4096", description = "Default: ${DEFAULT-VALUE}")
    private int vocabulary;

    @Option(names = "--hidden", defaultValue = "192", description = "Default: ${DEFAULT-VALUE}")
    private int hidden;

    @Option(names = "--intermediate", defaultValue = "512", description = "Default: ${DEFAULT-VALUE}")
    private int intermediate;

    @Option(names = "--layers", defaultValue = "8", description = "Default: ${DEFAULT-VALUE}")
    private int layers;

    @Option(names = "--heads", defaultValue = "6", description = "Default: ${DEFAULT-VALUE}")
    private int heads;

    @Option(names = "--kv-heads", defaultValue = "2", description = "Default: ${DEFAULT-VALUE}")
    private int kvHeads;

    @Option(names = "--sequence-length", defaultValue = "512", description = "Default: ${DEFAULT-VALUE}")
    private int sequenceLength;

    @Option(names = "--tokens", required = true, description = "Tokens to train on.")
    private long tokens;

    @Option(names = "--batch-tokens", defaultValue = "8192", description = "Default: ${DEFAULT-VALUE}")
    private int batchTokens;

    @Option(names = "--learning-rate", defaultValue = "3e-3", description = "Default: ${DEFAULT-VALUE}")
    private double learningRate;

    @Option(names = "--seed", defaultValue = "0", description = "Default: ${DEFAULT-VALUE}")
    private long seed;

    @Mixin
    private final Threads threads = new Threads();

    @Override
    public Integer call() {
        makeFolder(work);
        threads.set();
        Pretraining.Settings settings = new Pretraining.Settings(
                vocabulary,
                hidden,
                intermediate,
                layers,
                heads,
                kvHeads,
                sequenceLength,
                tokens,
                batchTokens,
                learningRate,
                seed);
        StopSignal stop = StopSignal.ofProcess();
        try (Reporter reporter =
                Reporter.toStandardOutput("pretrain", out.toString(), 1, new Reporting(0, 10, threads.asked()))) {
            Pretraining pretraining = new Pretraining(texts, work, settings);
            Optional<LanguageModel> trained = pretraining.run(reporter, stop);
            if (trained.isEmpty()) {
                return ExitCode.TERMINATED.code();
            }
            try (LanguageModel model = trained.get()) {
                pretraining.write(model, ElementType.BF16, out);
            }
            return ExitCode.DONE.code();
        }
    }

    private static void makeFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new StageException(
                    ExitCode.UNREACHABLE, "cannot make the folder " + folder + ": " + e.getMessage(), e);
        }
    }
}
