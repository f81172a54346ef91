package dev.modelfamily.cli.process;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A command that the trainer carries out: its arguments, its output and its exit code are the trainer's. */
@Command
public final class Delegation implements Callable<Integer> {
    private final String command;
    private final Supplier<TrainerProgram> trainer;

    @Parameters(arity = "0..*", paramLabel = "ARGUMENT")
    private List<String> arguments = List.of();

    private Delegation(String command, Supplier<TrainerProgram> trainer) {
        this.command = command;
        this.trainer = trainer;
    }

    /** A command of this tool that hands everything after its name to the trainer, {@code --help} too. */
    public static CommandLine of(
            String command, String description, String synopsis, Supplier<TrainerProgram> trainer) {
        CommandLine line = new CommandLine(new Delegation(command, trainer));
        line.getCommandSpec()
                .name(command)
                .usageMessage()
                .description(description)
                .customSynopsis("modelfamily " + command + " " + synopsis);
        return line.setUnmatchedOptionsArePositionalParams(true).setEndOfOptionsDelimiter("");
    }

    @Override
    public Integer call() throws InterruptedException {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(arguments);
        try {
            Process process = trainer.get().with(all).inheritIO().start();
            // Ctrl-C reaches the trainer by itself; a signal to this process alone does not.
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop"));
            return process.waitFor();
        } catch (IOException e) {
            throw new StageException(ExitCode.NOT_FOUND, "cannot start the trainer: " + e.getMessage(), e);
        }
    }
}
