package dev.modelfamily.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Progress;
import dev.modelfamily.contract.StageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A trainer that runs: what it prints goes to its log, what matters of that into the mailbox. */
final class TrainerProcess {
    private static final String ERROR = "error: ";

    private final Process process;
    private final PrintWriter log;
    private volatile String lastError = "";
    private boolean stopping;

    private TrainerProcess(Process process, PrintWriter log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a trainer.
     *
     * @param log that its output is added to
     * @param result the file that gets its last words
     * @throws StageException where the program cannot be started
     */
    static TrainerProcess start(AttemptId attempt, ProcessBuilder trainer, Path log, Path result, Mailbox mailbox) {
        try {
            Files.deleteIfExists(result);
            PrintWriter writer = new PrintWriter(
                    Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND), true);
            writer.println("# " + Instant.now() + " attempt " + attempt.number() + " at " + attempt.key());
            TrainerProcess started = new TrainerProcess(trainer.start(), writer);
            started.process.getOutputStream().close();
            CompletableFuture<Void> out =
                    started.read(started.process.getInputStream(), line -> started.takeOut(line, attempt, mailbox));
            CompletableFuture<Void> err = started.read(started.process.getErrorStream(), started::takeErr);
            var _ = CompletableFuture.allOf(out, err, started.process.onExit()).whenComplete((_, _) -> {
                writer.println("# " + Instant.now() + " ended with exit code " + started.process.exitValue());
                writer.close();
                mailbox.put(
                        new News.Ended(attempt, started.process.exitValue(), started.lastWords(result), Instant.now()));
            });
            return started;
        } catch (IOException e) {
            throw new StageException(ExitCode.BUG, "cannot start the trainer: " + e.getMessage(), e);
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** SIGTERM, so that it writes a checkpoint; SIGKILL if it still runs after the grace. Asked again, it does nothing. */
    void stop(Duration grace) {
        if (stopping) {
            return;
        }
        stopping = true;
        handle().destroy(); // the process's own destroy would close its streams, and its last words would be lost
        CompletableFuture.delayedExecutor(grace.toMillis(), TimeUnit.MILLISECONDS)
                .execute(process::destroyForcibly);
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
    }

    private CompletableFuture<Void> read(InputStream stream, Consumer<String> taker) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                reader.lines().forEach(line -> {
                    log.println(line);
                    taker.accept(line);
                });
            } catch (IOException | UncheckedIOException e) {
                log.println("# its output cannot be read further: " + e.getMessage());
            } finally {
                done.complete(null);
            }
        });
        return done;
    }

    private void takeOut(String line, AttemptId attempt, Mailbox mailbox) {
        if (line.startsWith("{")) {
            try {
                mailbox.put(new News.Moved(attempt, Json.mapper().readValue(line, Progress.class)));
            } catch (JsonProcessingException e) {
                log.println("# this is no progress line: " + e.getOriginalMessage());
            }
        }
    }

    private void takeErr(String line) {
        if (line.startsWith(ERROR)) {
            lastError = line.substring(ERROR.length());
        }
    }

    /** On failure one sentence: what the trainer wrote as its result, or the error that it printed last. */
    private String lastWords(Path result) {
        if (process.exitValue() == 0) {
            return "";
        }
        try {
            String written = Files.readString(result).strip();
            return written.isEmpty() || written.startsWith("{") ? lastError : written;
        } catch (IOException _) {
            return lastError; // it died before it could write one
        }
    }
}
