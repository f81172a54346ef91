package dev.modelfamily.cli.run;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.cli.folder.FolderLock;
import dev.modelfamily.cli.folder.RunFolder;
import dev.modelfamily.cli.process.ThisMachine;
import dev.modelfamily.cli.process.TrainerProgram;
import dev.modelfamily.cli.process.Version;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.Reporting;
import dev.modelfamily.lifecycle.Surroundings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A run of a family in a folder, from taking its lock to letting go of it.
 *
 * @param threads CPU threads of a stage; where absent, those that the folder was begun with, else all cores
 * @param metricsPort 0 for none
 * @param progressSeconds the time between two progress lines of the trainer
 */
public record FamilyRun(
        RunFolder folder, TrainerProgram trainer, OptionalInt threads, int metricsPort, int progressSeconds) {
    /** How long a trainer may take to end after SIGTERM: a step and a checkpoint of a big model on a slow disk. */
    private static final Duration GRACE = Duration.ofMinutes(10);

    /**
     * How it ended.
     *
     * @param family with its last status
     * @param exitCode of the tool
     * @param sentence why the family is not whole; empty where it is
     * @param interrupted whether a signal ended it
     * @param prepared what preparations found
     */
    public record Outcome(
            ModelFamily family,
            int exitCode,
            String sentence,
            boolean interrupted,
            Collection<PrepareResult> prepared) {
        /** Says why the family is not whole, if it is not. */
        public void report(PrintWriter err) {
            if (!sentence.isEmpty()) {
                err.println((exitCode == 0 ? "" : "error: ") + sentence);
                err.flush();
            }
        }
    }

    /**
     * Makes what can be made of a family.
     *
     * @param written as in the user's file
     * @throws dev.modelfamily.contract.StageException where the folder is in use, is another family's, or cannot be written
     */
    public Outcome run(ModelFamily written, Display display) throws InterruptedException, IOException {
        folder.create();
        try (FolderLock _ = FolderLock.take(folder)) {
            FamilyInFolder begun = FamilyInFolder.of(written, folder, threads, ThisMachine.cores());
            new Orphans(folder, GRACE, display::say).end();
            Mailbox mailbox = new Mailbox();
            Interruption.tell(mailbox);
            Attempts attempts = new Attempts(folder, trainer, mailbox);
            Preparations preparations = new Preparations(folder, written.getSpec());
            Observer observer =
                    new Observer(surroundings(begun.threads()), preparations, attempts, new Storage(folder));
            Executor executor = new Executor(folder, attempts, display, GRACE);
            Optional<Interruption> interruption =
                    new LocalRun(begun.family(), folder, observer, executor, display, mailbox).untilRest();
            Ending ending = interruption
                    .map(signal -> new Ending(signal.exitCode(), ""))
                    .orElseGet(() -> Ending.of(begun.family().getStatus(), attempts.observed()));
            return new Outcome(
                    begun.family(),
                    ending.exitCode(),
                    ending.sentence(),
                    interruption.isPresent(),
                    preparations.look().values());
        } finally {
            display.close();
        }
    }

    private Surroundings surroundings(int threads) {
        return new Surroundings(
                folder.layout(),
                secrets(),
                Version.text(),
                1,
                ThisMachine.device(threads),
                new Reporting(metricsPort, progressSeconds, threads));
    }

    /** Where credentials lie on a person's machine: a folder for each secret, a file for each of its keys. */
    private static String secrets() {
        return Optional.ofNullable(System.getenv("MODELFAMILY_SECRETS"))
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".modelfamily", "secrets")
                        .toString());
    }
}
