package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.ProgressStatus;
import dev.modelfamily.contract.Progress;
import dev.modelfamily.planner.Figures;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How much of the trainer's progress comes into the status. Each change of a status is a write, so it changes at most once in
 * half a minute, and then only by a percent or a phase, or after five minutes by anything.
 */
final class Progressing {
    private static final Duration SHORTEST = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final String RECOVER = "recover";
    private static final Set<String> OF_PREPARATION = Set.of("fetch", "tokenise");

    private Progressing() {}

    /**
     * The progress to show next.
     *
     * @param shown now; perhaps that of an earlier attempt
     * @param since when the attempt began to run
     */
    static Optional<ProgressStatus> next(Optional<ProgressStatus> shown, Progress progress, String since, Instant now) {
        boolean isDue =
                due(shown, progress, since).filter(time -> !now.isBefore(time)).isPresent();
        return isDue ? Optional.of(status(shown, progress, now)) : shown;
    }

    /** When the status may show this progress; empty where it says nothing new. */
    static Optional<Instant> due(Optional<ProgressStatus> shown, Progress progress, String since) {
        Instant start = Times.read(since).orElse(Instant.EPOCH);
        Instant last = shown.flatMap(old -> Times.read(old.time()))
                .filter(time -> !time.isBefore(start))
                .orElse(start);
        ProgressStatus next = status(shown, progress, last);
        boolean moved = shown.filter(old ->
                        old.percent().equals(next.percent()) && old.phase().equals(next.phase()))
                .isEmpty();
        boolean differs = shown.filter(
                        old -> old.tokens().equals(next.tokens()) && old.loss().equals(next.loss()))
                .isEmpty();
        return moved ? Optional.of(last.plus(SHORTEST)) : differs ? Optional.of(last.plus(LONGEST)) : Optional.empty();
    }

    /** Of a stage, only recovery moves the percents and the tokens: the rest of it is short. */
    private static ProgressStatus status(Optional<ProgressStatus> shown, Progress progress, Instant now) {
        boolean recovers = progress.phase().equals(RECOVER);
        long tokens =
                recovers ? progress.done() : shown.map(ProgressStatus::tokens).orElse(0L);
        int percent = recovers || OF_PREPARATION.contains(progress.phase())
                ? percent(progress)
                : shown.map(ProgressStatus::percent).orElse(0);
        return new ProgressStatus(
                progress.phase(),
                percent,
                tokens,
                progress.tokensPerSecond() > 0 ? String.format(Locale.ROOT, "%.0f", progress.tokensPerSecond()) : "",
                recovers ? Figures.measured(progress.loss()) : "",
                recovers && progress.secondsLeft() >= 0 ? (long) Math.ceil(progress.secondsLeft()) : -1L,
                Times.written(now));
    }

    private static int percent(Progress progress) {
        return progress.total() <= 0 ? 0 : Math.clamp(100 * progress.done() / progress.total(), 0, 100);
    }
}
