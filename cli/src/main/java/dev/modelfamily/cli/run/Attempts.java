package dev.modelfamily.cli.run;

import dev.modelfamily.cli.folder.ProcessMark;
import dev.modelfamily.cli.folder.RunFolder;
import dev.modelfamily.cli.process.TrainerProgram;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Progress;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.lifecycle.Attempt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The attempts that this run has started. Each has its order on disk before, and its mark after its process exists. */
final class Attempts {
    static final String ORDER = ".order.json";
    static final String MARK = ".process.json";
    private static final String RESULT = ".result";

    private final RunFolder folder;
    private final TrainerProgram trainer;
    private final Mailbox mailbox;
    private final Map<AttemptId, TrainerProcess> live = new LinkedHashMap<>();
    private final Map<AttemptId, Attempt.Seen> seen = new LinkedHashMap<>();

    Attempts(RunFolder folder, TrainerProgram trainer, Mailbox mailbox) {
        this.folder = folder;
        this.trainer = trainer;
        this.mailbox = mailbox;
    }

    /** As the decision core sees them. */
    List<Attempt> observed() {
        return seen.entrySet().stream()
                .map(entry -> new Attempt(
                        entry.getKey().member(),
                        entry.getKey().key(),
                        entry.getKey().number(),
                        entry.getKey().name(),
                        entry.getValue()))
                .toList();
    }

    /** Starts a trainer on an order, unless this run has done so before. */
    void start(AttemptId attempt, String command, Object order) {
        if (seen.containsKey(attempt)) {
            return;
        }
        Path file = folder.attempts().resolve(attempt.name() + ORDER);
        Path result = folder.attempts().resolve(attempt.name() + RESULT);
        Json.writeAtomically(file, order);
        ProcessBuilder builder = trainer.with(List.of(command, file.toString(), "--result", result.toString()))
                .directory(folder.logs().toFile());
        TrainerProcess started =
                TrainerProcess.start(attempt, builder, folder.log(attempt.member(), attempt.number()), result, mailbox);
        Json.writeAtomically(mark(attempt), ProcessMark.of(started.handle()));
        live.put(attempt, started);
        seen.put(attempt, new Attempt.Seen.Running(Optional.empty()));
    }

    void moved(AttemptId attempt, Progress progress) {
        if (live.containsKey(attempt)) {
            seen.put(attempt, new Attempt.Seen.Running(Optional.of(progress)));
        }
    }

    void ended(News.Ended end) {
        live.remove(end.attempt());
        seen.put(end.attempt(), new Attempt.Seen.Exited(end.code(), end.message(), end.at()));
        forget(end.attempt());
    }

    /** Asks an attempt to end, and makes it end after the grace. */
    void stop(AttemptId attempt, Duration grace) {
        Optional.ofNullable(live.get(attempt)).ifPresent(process -> process.stop(grace));
    }

    void stopAll(Duration grace) {
        live.values().forEach(process -> process.stop(grace));
    }

    void killAll() {
        live.values().forEach(TrainerProcess::kill);
    }

    boolean isAnyLive() {
        return !live.isEmpty();
    }

    private Path mark(AttemptId attempt) {
        return folder.attempts().resolve(attempt.name() + MARK);
    }

    private void forget(AttemptId attempt) {
        try {
            Files.deleteIfExists(mark(attempt));
            Files.deleteIfExists(folder.attempts().resolve(attempt.name() + RESULT));
            Files.deleteIfExists(folder.attempts().resolve(attempt.name() + ORDER));
        } catch (IOException e) {
            throw new StageException(ExitCode.UNREACHABLE, "cannot delete in " + folder.attempts() + ": " + e, e);
        }
    }
}
