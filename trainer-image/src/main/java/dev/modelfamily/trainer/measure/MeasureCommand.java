package dev.modelfamily.trainer.measure;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Loading;
import dev.modelfamily.trainer.torch.Threads;
import dev.modelfamily.trainer.weights.Models;
import dev.modelfamily.trainer.weights.OpenModel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code measure}: speed and memory of one part of the trainer, as a line of JSON. */
@Command(
        name = "measure",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measures speed and peak memory of recovery, evaluation, plain decomposition, or a cut by the default method,"
                        + " on a model.")
public final class MeasureCommand implements Callable<Integer> {
    /** What can be measured. */
    enum Part {
        Recovery,
        Evaluation,
        Decomposition,
        Cut
    }

    @Parameters(index = "0", description = "${COMPLETION-CANDIDATES}")
    private Part part;

    @Parameters(index = "1", description = "A model folder or GGUF file.")
    private Path model;

    @Option(names = "--batch", defaultValue = "4", description = "Sequences of a step. Default: ${DEFAULT-VALUE}")
    private int batch;

    @Option(names = "--sequence-length", defaultValue = "512", description = "Default: ${DEFAULT-VALUE}")
    private int length;

    @Option(
            names = "--steps",
            defaultValue = "3",
            description =
                    "Steps that are measured; for a cut, batches that it is calibrated on. Default: ${DEFAULT-VALUE}")
    private int steps;

    @Mixin
    private final Threads threads = new Threads();

    @Override
    public Integer call() {
        threads.set();
        LanguageModel loaded;
        try (OpenModel source = Models.open(model)) {
            loaded = Loading.load(source, done -> {});
        }
        Measurement measured = switch (part) {
            case Recovery -> Measurement.recovery(loaded, batch, length, steps);
            case Evaluation -> Measurement.evaluation(loaded, batch, length, steps);
            case Decomposition -> Measurement.decomposition(loaded);
            case Cut -> Measurement.cut(loaded, batch, length, steps);
        };
        System.out.println(Json.line(measured));
        return ExitCode.DONE.code();
    }
}
