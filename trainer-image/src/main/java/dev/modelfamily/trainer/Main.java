package dev.modelfamily.trainer;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.clean.CleanCommand;
import dev.modelfamily.trainer.evaluate.EvaluateCommand;
import dev.modelfamily.trainer.export.ExportCommand;
import dev.modelfamily.trainer.generate.GenerateCommand;
import dev.modelfamily.trainer.measure.LogitsCommand;
import dev.modelfamily.trainer.measure.MeasureCommand;
import dev.modelfamily.trainer.prepare.PrepareCommand;
import dev.modelfamily.trainer.pretrain.PretrainCommand;
import dev.modelfamily.trainer.recover.StopSignal;
import dev.modelfamily.trainer.stage.StageCommand;
import dev.modelfamily.trainer.stage.Versions;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** The trainer as a program: orders in, exit codes of {@link ExitCode} out, progress as JSON lines on standard output. */
@Command(
        name = "modelfamily-trainer",
        mixinStandardHelpOptions = true,
        versionProvider = Main.OwnVersion.class,
        description = "Prepares the parent of a family, makes one member of it, and measures and exports models.",
        exitCodeOnExecutionException = 70,
        subcommands = {
            PrepareCommand.class,
            StageCommand.class,
            EvaluateCommand.class,
            ExportCommand.class,
            GenerateCommand.class,
            PretrainCommand.class,
            MeasureCommand.class,
            LogitsCommand.class,
            CleanCommand.class
        })
public final class Main {
    /** Kept: the level of a logger that nobody refers to is forgotten. */
    private static final Logger DJL = Logger.getLogger("ai.djl");

    private Main() {}

    /** Runs one command. */
    public static void main(String[] arguments) {
        int code = run(arguments);
        StopSignal.end();
        System.exit(code);
    }

    /** Runs one command in this process; what went wrong is the last line of standard error. */
    public static int run(String... arguments) {
        // At each start it says where it found its files and how many threads it has.
        DJL.setLevel(Level.WARNING);
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((wrong, words) -> refuse(wrong))
                .setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command))
                .execute(arguments);
    }

    /** Picocli's own handler would end with the code of the subcommand, which is not that of the contract. */
    private static int refuse(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        command.usage(command.getErr());
        command.getErr().println("error: " + wrong.getMessage());
        return ExitCode.BAD_ORDER.code();
    }

    static final class OwnVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"modelfamily-trainer " + Versions.trainer()};
        }
    }

    private static int report(Exception failure, CommandLine command) {
        if (failure instanceof StageException known) {
            command.getErr().println("error: " + known.getMessage());
            return known.exitCode().code();
        }
        failure.printStackTrace(command.getErr());
        command.getErr().println("error: this is a bug of the trainer: " + failure);
        return ExitCode.BUG.code();
    }
}
