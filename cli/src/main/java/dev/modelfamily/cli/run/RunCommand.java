package dev.modelfamily.cli.run;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.cli.folder.RunFolder;
import dev.modelfamily.cli.process.TrainerProgram;
import dev.modelfamily.cli.report.Report;
import dev.modelfamily.cli.status.ResultTable;
import dev.modelfamily.cli.validate.FamilyFile;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code run}: makes a family on this machine. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Makes a family on this machine.",
            "Ctrl-C stops it after a checkpoint; run again, it goes on from there. Finished members are kept and used again."
        })
public final class RunCommand implements Callable<Integer> {
    private static final int SECONDS_ON_TERMINAL = 1;
    private static final int SECONDS_IN_LOG = 5;

    @Parameters(paramLabel = "FILE", description = "The family: a YAML file.")
    private Path file;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where all of it goes. Default: modelfamily-out/NAME below the current folder.")
    private Optional<Path> out = Optional.empty();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "CPU threads of a stage. Default: those that the folder was begun with, else all cores.")
    private Optional<Integer> threads = Optional.empty();

    @Option(
            names = "--metrics-port",
            paramLabel = "N",
            defaultValue = "0",
            description = "Port of the running stage's Prometheus metrics; 0 for none. Default: 0.")
    private int metricsPort;

    @Spec
    private CommandSpec spec;

    private final Supplier<TrainerProgram> trainer;

    public RunCommand(Supplier<TrainerProgram> trainer) {
        this.trainer = trainer;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        check();
        ModelFamily family = FamilyFile.read(file);
        RunFolder folder = out.map(RunFolder::new)
                .orElseGet(() -> RunFolder.usual(family.getMetadata().getName()));
        boolean terminal = isTerminal();
        PrintWriter err = spec.commandLine().getErr();
        FamilyRun run = new FamilyRun(
                folder,
                trainer.get(),
                threads.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                metricsPort,
                terminal ? SECONDS_ON_TERMINAL : SECONDS_IN_LOG);
        err.println(family.getMetadata().getName() + ": "
                + family.getSpec().members().size() + " members in " + folder.shown());
        err.flush();
        FamilyRun.Outcome outcome = run.run(family, terminal ? new BarDisplay(System.err) : new PlainDisplay(err));
        return outcome.interrupted() ? interrupted(outcome, err) : ended(outcome, folder, err);
    }

    @SuppressWarnings("SystemConsoleNull") // it is null since JDK 25, as it was before 22
    private static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    private void check() {
        threads.filter(count -> count < 1).ifPresent(count -> {
            throw new ParameterException(spec.commandLine(), "--threads is " + count + "; it is at least 1");
        });
        if (metricsPort < 0 || metricsPort > 65535) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--metrics-port is " + metricsPort + "; it is 0 for none, or a port up to 65535");
        }
    }

    private int interrupted(FamilyRun.Outcome outcome, PrintWriter err) {
        err.println("stopped; to go on: modelfamily run " + file
                + out.map(folder -> " --out " + folder).orElse(""));
        return outcome.exitCode();
    }

    private int ended(FamilyRun.Outcome outcome, RunFolder folder, PrintWriter err) {
        PrintWriter result = spec.commandLine().getOut();
        result.println();
        result.print(ResultTable.of(outcome.family(), folder));
        result.println();
        result.println("members: " + RunFolder.shown(folder.members()));
        try {
            result.println("report:  " + RunFolder.shown(Report.write(folder.root())));
        } catch (StageException e) {
            err.println("warning: there is no report: " + e.getMessage()); // the members are made all the same
        }
        result.flush();
        outcome.report(err);
        return outcome.exitCode();
    }
}
