package dev.modelfamily.cli.run;

import dev.modelfamily.cli.folder.RunFolder;
import dev.modelfamily.cli.folder.Trees;
import dev.modelfamily.lifecycle.Action;
import dev.modelfamily.lifecycle.Lifecycle;
import java.nio.file.Path;
import java.time.Duration;

/** Carries out the actions of a decision with processes and files. */
record Executor(RunFolder folder, Attempts attempts, Display display, Duration grace) {
    void act(Action action) {
        switch (action) {
            case Action.StartPrepare start ->
                attempts.start(
                        new AttemptId(Lifecycle.PREPARATION, start.key(), start.attempt()), "prepare", start.order());
            case Action.StartStage start ->
                attempts.start(
                        new AttemptId(
                                start.order().member(),
                                start.order().key(),
                                start.order().attempt()),
                        "stage",
                        start.order());
            case Action.Stop stop -> attempts.stop(new AttemptId(stop.member(), stop.key(), stop.attempt()), grace);
            case Action.CleanUp cleanUp -> cleanUp(cleanUp);
            case Action.EmitEvent event -> display.event(event);
        }
    }

    private void cleanUp(Action.CleanUp cleanUp) {
        Path kept = Path.of(folder.layout().attempt(cleanUp.key(), cleanUp.keptAttempt()));
        Path checkpoints = Path.of(folder.layout().checkpoints(cleanUp.key()));
        Storage.list(Path.of(folder.layout().stage(cleanUp.key()))).stream()
                .filter(place -> !place.equals(kept))
                .filter(place -> place.equals(checkpoints)
                        || place.getFileName().toString().startsWith(Storage.ATTEMPT))
                .forEach(Trees::delete);
    }
}
