package dev.modelfamily.cli.run;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.cli.folder.FamilyRecord;
import dev.modelfamily.cli.folder.RunFolder;
import dev.modelfamily.lifecycle.Decision;
import dev.modelfamily.lifecycle.Lifecycle;
import dev.modelfamily.lifecycle.Observed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One run of one family in its folder: observes, decides, writes the status, acts, waits for news; until nothing is left to do. */
final class LocalRun {
    /** A wait after an action whose effect is not seen yet. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private final ModelFamily family;
    private final RunFolder folder;
    private final Observer observer;
    private final Executor executor;
    private final Display display;
    private final Mailbox mailbox;
    private final Clock clock;

    /** What the decision core is told: the family as it is written, until a signal comes. */
    private ModelFamily asked;

    /**
     * A run.
     *
     * @param family with the status that was last written
     */
    LocalRun(
            ModelFamily family,
            RunFolder folder,
            Observer observer,
            Executor executor,
            Display display,
            Mailbox mailbox) {
        this.family = family;
        this.asked = family;
        this.folder = folder;
        this.observer = observer;
        this.executor = executor;
        this.display = display;
        this.mailbox = mailbox;
        this.clock = Clock.systemUTC();
    }

    /** Runs until the family is at rest, or until a signal comes; then the trainer has ended too. */
    Optional<Interruption> untilRest() throws InterruptedException {
        while (true) {
            Decision decision = pass();
            if (decision.actions().isEmpty() && isAtRest()) {
                return Optional.empty();
            }
            for (News news : mailbox.await(wait(decision))) {
                if (news instanceof News.Interrupted interrupted) {
                    stop();
                    return Optional.of(interrupted.by());
                }
                take(news);
            }
        }
    }

    /** Decides until the status stays. */
    private Decision pass() {
        while (true) {
            ModelFamilyStatus before = status();
            Observed observed = observer.observe(before);
            Decision decision = Lifecycle.decide(asked, observed, clock.instant());
            boolean changed = !decision.status().equals(before);
            if (changed) {
                family.setStatus(decision.status());
                asked.setStatus(decision.status());
                FamilyRecord.write(folder, family);
                new MemberLinks(folder).update(decision.status());
            }
            decision.actions().forEach(executor::act);
            if (!changed) {
                return decision;
            }
        }
    }

    private Optional<Duration> wait(Decision decision) {
        Optional<Duration> untilWake = decision.wakeAt().map(this::until);
        return decision.actions().isEmpty()
                ? untilWake
                : Optional.of(untilWake.filter(wake -> wake.compareTo(SOON) < 0).orElse(SOON));
    }

    private Duration until(Instant time) {
        Duration left = Duration.between(clock.instant(), time);
        return left.isNegative() ? Duration.ZERO : left.plusMillis(1);
    }

    private void take(News news) {
        switch (news) {
            case News.Moved moved -> {
                observer.attempts().moved(moved.attempt(), moved.progress());
                display.progress(moved.attempt().member(), moved.progress());
            }
            case News.Ended ended -> {
                observer.attempts().ended(ended);
                observer.storage().ended(ended.attempt());
                display.ended(ended.attempt().member());
            }
            case News.Interrupted _ -> throw new IllegalStateException("an interruption is no news of an attempt");
        }
    }

    /**
     * Ends what runs, as if the family were suspended, so that the end counts as no crash. A second signal kills what the first
     * one has asked to end.
     */
    private void stop() throws InterruptedException {
        if (observer.attempts().isAnyLive()) {
            display.say("stopping: the trainer writes a checkpoint (once more Ctrl-C kills it)");
        }
        asked = suspended(family);
        pass();
        observer.attempts().stopAll(executor.grace()); // also one that is about to end by itself
        while (observer.attempts().isAnyLive()) {
            for (News news : mailbox.await(Optional.empty())) {
                if (news instanceof News.Interrupted) {
                    observer.attempts().killAll();
                } else {
                    take(news);
                }
            }
            pass();
        }
    }

    private static ModelFamily suspended(ModelFamily family) {
        return family.asking(family.getSpec().withCourse(true, family.getSpec().mode()));
    }

    private boolean isAtRest() {
        return !observer.attempts().isAnyLive() && Phase.of(status()).atRest();
    }

    private ModelFamilyStatus status() {
        return Optional.ofNullable(family.getStatus()).orElse(ModelFamilyStatus.NOTHING);
    }
}
