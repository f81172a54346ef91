package dev.modelfamily.trainer.report;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.contract.TerminationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/**
 * The option {@code --result}: a file that gets the outcome of a command, which is a pod's termination message. On success
 * one line of JSON, packed where it is long, on failure one sentence. It is written in place, since a pod's file is a mount that cannot be replaced.
 */
public final class ResultFile {
    /** Characters of a failure at most: Kubernetes keeps 4096 bytes of a termination message. */
    private static final int LONGEST = 2000;

    @Option(
            names = "--result",
            paramLabel = "FILE",
            description = "Gets the result as one line of JSON, or one sentence that says what is wrong.")
    private Optional<Path> file = Optional.empty();

    /** Runs the work and writes what it gives, or why it failed. */
    public void of(Supplier<?> work) {
        try {
            write(TerminationMessage.of(Json.line(work.get())));
        } catch (StageException e) {
            write(sentence(e.getMessage()));
            throw e;
        } catch (RuntimeException e) { // a bug is reported like any other end, and thrown on
            write(sentence("this is a bug of the trainer: " + e));
            throw e;
        }
    }

    private static String sentence(String message) {
        String line = message.replaceAll("\\s*\\R\\s*", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST);
    }

    private void write(String line) {
        file.ifPresent(path -> {
            try {
                Files.writeString(path, line);
            } catch (IOException e) {
                throw new StageException(
                        ExitCode.UNREACHABLE, "cannot write the result to " + path + ": " + e.getMessage(), e);
            }
        });
    }
}
