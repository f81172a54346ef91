package dev.modelfamily.cli.validate;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A family file that the API server would refuse. The message has one line for each problem. */
public final class InvalidFamilyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    InvalidFamilyException(Path file, List<Problem> problems) {
        super(problems.stream()
                .map(Problem::toString)
                .collect(Collectors.joining("\n", file + " is not valid:\n", "")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
