package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.ProgressStatus;
import dev.modelfamily.contract.Progress;
import dev.modelfamily.planner.Figures;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How much of the trainer's progress comes into the status. Each change of a status is a write, so it changes at most once in
 * half a minute, and then only by a percent or a phase, or after five minutes by anything.
 */
final class Progressing {
    private static final Duration SHORTEST = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final String RECOVER = "recover";

    private Progressing() {}

    /**
     * The progress to show next.
     *
     * @param shown now; perhaps that of an earlier attempt
     * @param since when the attempt began to run
     */
    static Optional<ProgressStatus> next(Optional<ProgressStatus> shown, Progress progress, String since, Instant now) {
        Instant last = Times.read(shown.map(ProgressStatus::time).orElse(""))
                .filter(time -> !time.isBefore(Times.read(since).orElse(Instant.MIN)))
                .or(() -> Times.read(since))
                .orElse(Instant.MIN);
        if (now.isBefore(last.plus(SHORTEST))) {
            return shown;
        }
        ProgressStatus next = status(shown, progress, now);
        boolean moved = shown.isEmpty()
                || !next.percent().equals(shown.get().percent())
                || !next.phase().equals(shown.get().phase());
        boolean old = !now.isBefore(last.plus(LONGEST));
        return moved || (old && shown.filter(same -> isSame(same, next)).isEmpty()) ? Optional.of(next) : shown;
    }

    private static boolean isSame(ProgressStatus shown, ProgressStatus next) {
        return shown.tokens().equals(next.tokens()) && shown.loss().equals(next.loss());
    }

    /** Only recovery moves the percents and the tokens: the rest of a stage is short against it. */
    private static ProgressStatus status(Optional<ProgressStatus> shown, Progress progress, Instant now) {
        boolean recovers = progress.phase().equals(RECOVER);
        long tokens =
                recovers ? progress.done() : shown.map(ProgressStatus::tokens).orElse(0L);
        int percent = recovers
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
