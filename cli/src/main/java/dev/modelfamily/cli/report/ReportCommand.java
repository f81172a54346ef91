package dev.modelfamily.cli.report;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code report DIR}: the page about a run, finished or not. Prints where it is. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Writes a self-contained HTML page about a family, finished or not.")
public final class ReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "DIR", description = "The folder of the run: what 'run' got by --out.")
    private Path folder;

    @Option(names = "--out", paramLabel = "FILE", description = "The page. Default: report.html in DIR.")
    private Optional<Path> out = Optional.empty();

    @Override
    public Integer call() {
        Path page = out.map(file -> Report.write(folder, file)).orElseGet(() -> Report.write(folder));
        command.commandLine().getOut().println(page);
        return 0;
    }
}
