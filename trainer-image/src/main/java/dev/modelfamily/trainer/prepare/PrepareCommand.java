package dev.modelfamily.trainer.prepare;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.PrepareOrder;
import dev.modelfamily.trainer.fetch.FetchSettings;
import dev.modelfamily.trainer.report.Reporter;
import dev.modelfamily.trainer.report.ResultFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code prepare}: everything that a family needs before its first stage. Killed and started again, it goes on. */
@Command(
        name = "prepare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Fetches and verifies the parent of a family and tokenises its texts.")
public final class PrepareCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ORDER", description = "The order: a JSON file.")
    private Path order;

    @Mixin
    private final ResultFile result = new ResultFile();

    @Override
    public Integer call() {
        result.of(() -> {
            PrepareOrder asked = Orders.checked(Json.read(order, PrepareOrder.class), order);
            try (Reporter reporter = Reporter.toStandardOutput("prepare", asked.family(), 1, asked.reporting())) {
                return Summary.of(new Preparation(asked, FetchSettings.of(System.getenv()), reporter).run());
            }
        });
        return ExitCode.DONE.code();
    }
}
