package dev.modelfamily.cli;

import dev.modelfamily.cli.plan.PlanCommand;
import dev.modelfamily.cli.process.Delegation;
import dev.modelfamily.cli.process.TrainerProgram;
import dev.modelfamily.cli.process.Version;
import dev.modelfamily.cli.report.ReportCommand;
import dev.modelfamily.cli.run.RunCommand;
import dev.modelfamily.cli.status.StatusCommand;
import dev.modelfamily.cli.validate.InvalidFamilyException;
import dev.modelfamily.cli.validate.ValidateCommand;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The program behind {@code ./modelfamily}. It ends with the exit codes of {@link ExitCode}. */
@Command(
        name = "modelfamily",
        mixinStandardHelpOptions = true,
        versionProvider = Main.OwnVersion.class,
        description = "Makes a family of smaller language models from one parent, on this machine.",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "64:bad command line or invalid family file",
            "65:bad data, or a family that cannot be made of it",
            "66:a file or model was not found",
            "69:a source or a disk cannot be reached",
            "70:a bug",
            "75:the folder is in use; try later",
            "77:access denied",
            "130:stopped by Ctrl-C after a checkpoint"
        })
public final class Main {
    private Main() {}

    /** Runs one command; the exit code says how it went. */
    public static void main(String[] arguments) {
        System.exit(commandLine(TrainerProgram::installed).execute(arguments));
    }

    /**
     * All commands.
     *
     * @param trainer asked by the commands that need it
     */
    public static CommandLine commandLine(Supplier<TrainerProgram> trainer) {
        CommandLine line = new CommandLine(new Main())
                .addSubcommand(new RunCommand(trainer))
                .addSubcommand(new PlanCommand(trainer))
                .addSubcommand(new ValidateCommand())
                .addSubcommand(new StatusCommand())
                .addSubcommand(new ReportCommand())
                .addSubcommand(
                        "evaluate",
                        Delegation.of(
                                "evaluate",
                                "Measures the perplexity of a model folder or GGUF file on a text.",
                                "MODEL --text FILE [--context N] [--max-windows N] [--output json]",
                                trainer))
                .addSubcommand(
                        "export",
                        Delegation.of(
                                "export",
                                "Writes a member with its factors multiplied out: a stock checkpoint for any tool.",
                                "MEMBER --dense --out DIR",
                                trainer))
                .addSubcommand(
                        "generate",
                        Delegation.of(
                                "generate",
                                "Samples texts from a model folder or GGUF file: a corpus where there is none.",
                                "MODEL --tokens N --out FILE.jsonl [--seed N] [OPTION...]",
                                trainer))
                .addSubcommand(
                        "pretrain",
                        Delegation.of(
                                "pretrain",
                                "Trains a small Llama-type model from scratch, with a tokenizer of its own.",
                                "--texts FILE --tokens N --work DIR --out DIR [OPTION...]",
                                trainer))
                .addSubcommand(
                        "measure",
                        Delegation.of(
                                "measure",
                                "Measures speed and memory of recovery, evaluation or decomposition, for benchmarks.",
                                "Recovery|Evaluation|Decomposition MODEL [OPTION...]",
                                trainer))
                .addSubcommand(
                        "logits",
                        Delegation.of(
                                "logits",
                                "Writes the logits of a model for given token ids, for comparison.",
                                "MODEL --ids FILE --out FILE",
                                trainer));
        line.getSubcommands().values().forEach(Main::useExitCodes);
        useExitCodes(line);
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, _) -> report(failure, command));
    }

    private static void useExitCodes(CommandLine line) {
        line.getCommandSpec()
                .exitCodeOnInvalidInput(ExitCode.BAD_ORDER.code())
                .exitCodeOnExecutionException(ExitCode.BUG.code());
    }

    private static int report(Exception failure, CommandLine command) {
        return switch (failure) {
            case StageException known -> {
                command.getErr().println("error: " + known.getMessage());
                yield known.exitCode().code();
            }
            case InvalidFamilyException invalid -> {
                command.getErr().println("error: " + invalid.getMessage());
                yield ExitCode.BAD_ORDER.code();
            }
            default -> {
                failure.printStackTrace(command.getErr());
                command.getErr().println("error: this is a bug of modelfamily: " + failure);
                yield ExitCode.BUG.code();
            }
        };
    }

    /** Says the version that was built. */
    static final class OwnVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"modelfamily " + Version.text()};
        }
    }
}
