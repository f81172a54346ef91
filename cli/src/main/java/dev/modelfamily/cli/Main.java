package dev.modelfamily.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program behind {@code ./modelfamily}. */
@Command(
        name = "modelfamily",
        mixinStandardHelpOptions = true,
        version = "modelfamily 0.1.0",
        description = "Makes a family of smaller language models from one parent, on this machine.")
public final class Main {
    private Main() {}

    /** Runs one command; the exit code says how it went. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }
}
