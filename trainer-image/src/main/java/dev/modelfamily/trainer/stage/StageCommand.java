package dev.modelfamily.trainer.stage;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.contract.StageResult;
import dev.modelfamily.trainer.recover.StopSignal;
import dev.modelfamily.trainer.report.Memory;
import dev.modelfamily.trainer.report.Reporter;
import dev.modelfamily.trainer.report.ResultFile;
import dev.modelfamily.trainer.torch.Torch;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code stage}: makes one member. Killed or stopped and started again, it goes on from its last checkpoint. */
@Command(
        name = "stage",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Makes one member of a family: cuts its input, recovers, measures and writes it.")
public final class StageCommand implements Callable<Integer> {
    private static final Logger LOG = Logger.getLogger(StageCommand.class.getName());

    @Parameters(paramLabel = "ORDER", description = "The order: a JSON file.")
    private Path order;

    @Mixin
    private final ResultFile result = new ResultFile();

    @Override
    public Integer call() {
        StopSignal stop = StopSignal.ofProcess();
        result.of(() -> run(stop));
        return ExitCode.DONE.code();
    }

    private StageResult run(StopSignal stop) {
        StageOrder asked = StageOrders.read(order);
        return Memory.enoughFor(() -> {
            Torch.setThreads(asked.reporting().threads());
            LOG.log(Level.INFO, "computing on {0}", Torch.device());
            try (Reporter reporter =
                    Reporter.toStandardOutput(asked.key(), asked.member(), asked.attempt(), asked.reporting())) {
                reporter.metrics().watchGpu(Torch::gpuMemoryInUse);
                return Stage.run(asked, reporter, stop);
            }
        });
    }
}
