package dev.modelfamily.trainer.export;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Reporting;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.ModelShapes;
import dev.modelfamily.trainer.report.Memory;
import dev.modelfamily.trainer.report.Reporter;
import dev.modelfamily.trainer.torch.Threads;
import dev.modelfamily.trainer.weights.ElementType;
import dev.modelfamily.trainer.weights.Models;
import dev.modelfamily.trainer.weights.OpenModel;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code export}: a member as a stock checkpoint that any tool loads. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Multiplies the factors of a member out into a stock checkpoint in the Hugging Face format.")
public final class ExportCommand implements Callable<Integer> {
    /** The number formats of the weights, as PyTorch spells them. */
    enum Type {
        float32(ElementType.F32),
        bfloat16(ElementType.BF16),
        float16(ElementType.F16);

        private final ElementType type;

        Type(ElementType type) {
            this.type = type;
        }
    }

    @Parameters(paramLabel = "MEMBER", description = "The folder of a member, or any other model or GGUF file.")
    private Path member;

    @Option(
            names = "--dense",
            required = true,
            description = "Multiply the factors out. Needed: a member as it is needs no export.")
    private boolean dense;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "The folder that gets the checkpoint; it must not exist, or be empty.")
    private Path out;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "float32",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private Type type;

    @Mixin
    private final Threads threads = new Threads();

    @Override
    public Integer call() {
        if (!dense) {
            throw new StageException(
                    ExitCode.BAD_ORDER, "--dense=false: a member as it is needs no export, its folder can be copied");
        }
        return Memory.enoughFor(this::export);
    }

    private int export() {
        threads.set();
        try (Reporter reporter =
                Reporter.toStandardOutput("export", member.toString(), 1, new Reporting(0, 10, threads.asked()))) {
            DenseExport.write(member, out, type.type, reporter.begin("export", 0, parameters()));
            return ExitCode.DONE.code();
        }
    }

    private long parameters() {
        try (OpenModel open = Models.open(member)) {
            ModelShape shape = ModelShapes.of(open.config());
            return dev.modelfamily.planner.Parameters.of(shape.withRanks(new TreeMap<>()));
        }
    }
}
