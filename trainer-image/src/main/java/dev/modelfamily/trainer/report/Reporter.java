package dev.modelfamily.trainer.report;

import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Progress;
import dev.modelfamily.contract.Reporting;
import dev.modelfamily.contract.StageOrder;
import java.io.PrintStream;
import java.util.Optional;

/**
 * Reports the progress of one stage: at most one line every few seconds, also to an operator that asks for
 * it, and the metrics at every call.
 */
public final class Reporter implements AutoCloseable {
    private final PrintStream out;
    private final String key;
    private final String member;
    private final int attempt;
    private final long intervalNanos;
    private final Metrics metrics;
    private final Optional<ProgressPush> push = ProgressPush.of(System.getenv());
    private long lastLine;
    private String lastPhase = "";

    /** A step of recovery, for the lines and the metrics. */
    public record Training(double loss, double learningRate, double gradientNorm) {
        static final Training NONE = new Training(0, 0, 0);
    }

    /** Reports to {@code out} and, where a port is given, to Prometheus. */
    public Reporter(PrintStream out, String key, String member, int attempt, Reporting reporting) {
        this.out = out;
        this.key = key;
        this.member = member;
        this.attempt = attempt;
        this.intervalNanos = Math.max(1, reporting.progressSeconds()) * 1_000_000_000L;
        this.metrics = Metrics.start(reporting.metricsPort());
    }

    /** Reports to standard output, which stays open, and to Prometheus. */
    public static Reporter toStandardOutput(String key, String member, int attempt, Reporting reporting) {
        return new Reporter(System.out, key, member, attempt, reporting);
    }

    /** Reports to standard error, where standard output belongs to a result. */
    public static Reporter toStandardError(String key, String member, int attempt, Reporting reporting) {
        return new Reporter(System.err, key, member, attempt, reporting);
    }

    /** The metrics of this process. */
    public Metrics metrics() {
        return metrics;
    }

    /** Begins a phase of so much work; {@code from} of it was done before. */
    public Progression begin(String phase, long from, long total) {
        Phase begun = new Phase(phase, from, total);
        begun.at(from);
        return begun;
    }

    /** Begins recovery, whose progress carries the loss. */
    public Phase recovery(long from, long total) {
        return new Phase("recover", from, total);
    }

    /** A phase that was begun. */
    public final class Phase implements Progression {
        private final String name;
        private final long from;
        private final long total;
        private final long started = System.nanoTime();
        private boolean ended;

        private Phase(String name, long from, long total) {
            this.name = name;
            this.from = from;
            this.total = total;
        }

        @Override
        public void at(long done) {
            at(done, Training.NONE);
        }

        /** So many tokens are trained on, and this is what the last step saw. */
        public void at(long done, Training training) {
            long now = System.nanoTime();
            double seconds = (now - started) / 1e9;
            double rate = seconds > 0 ? (done - from) / seconds : 0;
            metrics.observe(name, done, total, rate, training);
            boolean ends = done == total && !ended;
            ended |= ends;
            boolean changed = !name.equals(lastPhase) || ends;
            if (changed || now - lastLine >= intervalNanos) {
                lastLine = now;
                lastPhase = name;
                double left = rate > 0 ? (total - done) / rate : -1;
                tell(Json.line(new Progress(
                        StageOrder.VERSION,
                        key,
                        member,
                        attempt,
                        name,
                        done,
                        total,
                        rate,
                        training.loss(),
                        training.learningRate(),
                        training.gradientNorm(),
                        left)));
            }
        }
    }

    private void tell(String line) {
        out.println(line);
        out.flush();
        push.ifPresent(operator -> operator.offer(line));
    }

    @Override
    public void close() {
        push.ifPresent(ProgressPush::close);
        metrics.close();
    }
}
