package dev.modelfamily.cli.validate;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code validate}: says of family files what the API server would say. */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = "Checks family files as the API server would, and names each problem with its line.")
public final class ValidateCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Family files: YAML or JSON.")
    private List<Path> files;

    @Spec
    private CommandSpec spec;

    /** The exit code is that of the worst file: 66 where one is missing, else 64 where one is invalid. */
    @Override
    public Integer call() {
        Validator validator = new Validator();
        ExitCode worst = ExitCode.DONE;
        for (Path file : files) {
            ExitCode code = check(file, validator);
            worst = code.code() > worst.code() ? code : worst;
        }
        return worst.code();
    }

    private ExitCode check(Path file, Validator validator) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            List<Problem> problems = validator.validate(file);
            problems.forEach(problem -> err.println(file + ":" + problem.line() + ":" + problem.column() + ": "
                    + (problem.path().isEmpty() ? "" : problem.path() + ": ") + problem.message()));
            if (problems.isEmpty()) {
                out.println(file + ": valid");
            }
            return problems.isEmpty() ? ExitCode.DONE : ExitCode.BAD_ORDER;
        } catch (StageException e) {
            err.println("error: " + e.getMessage());
            return e.exitCode();
        } finally {
            out.flush();
            err.flush();
        }
    }
}
