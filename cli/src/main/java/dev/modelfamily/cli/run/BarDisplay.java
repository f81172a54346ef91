package dev.modelfamily.cli.run;

import dev.modelfamily.cli.text.ProgressLine;
import dev.modelfamily.contract.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Bars, for terminals: one a phase, which stays when the phase is over. */
final class BarDisplay implements Display {
    private static final String CLEAR_LINE = "\r\u001b[2K";
    private static final int INTERVAL_MILLIS = 250;

    private final PrintStream terminal;
    private final Map<String, Bar> bars = new LinkedHashMap<>();

    /** A bar, and the time left of its phase as the trainer told it last. */
    private static final class Bar {
        private final String phase;
        private final ProgressBar bar;
        private volatile double secondsLeft = -1;

        Bar(PrintStream terminal, String member, Progress first) {
            this.phase = first.phase();
            this.bar = new ProgressBarBuilder()
                    .setTaskName(member + " " + first.phase())
                    .setInitialMax(first.total())
                    .startsFrom(first.done(), Duration.ZERO)
                    .setUpdateIntervalMillis(INTERVAL_MILLIS)
                    .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                    .setConsumer(new ConsoleProgressBarConsumer(terminal))
                    .setEtaFunction(_ -> secondsLeft < 0
                            ? Optional.empty()
                            : Optional.of(Duration.ofMillis((long) (secondsLeft * 1000))))
                    .build();
        }

        void show(Progress progress) {
            secondsLeft = progress.secondsLeft();
            bar.maxHint(progress.total());
            bar.setExtraMessage(" " + new ProgressLine(progress).figures());
            bar.stepTo(progress.done());
        }
    }

    BarDisplay(PrintStream terminal) {
        this.terminal = terminal;
    }

    @Override
    public void progress(String member, Progress progress) {
        Bar present = bars.get(member);
        if (present == null || !present.phase.equals(progress.phase())) {
            ended(member);
            bars.put(member, new Bar(terminal, member, progress));
        }
        bars.get(member).show(progress);
    }

    @Override
    public void say(String line) {
        terminal.println(CLEAR_LINE + line);
        bars.values().forEach(bar -> bar.bar.refresh());
    }

    @Override
    public void ended(String member) {
        Bar bar = bars.remove(member);
        if (bar != null) {
            bar.bar.close();
        }
    }

    @Override
    public void close() {
        bars.values().forEach(bar -> bar.bar.close());
        bars.clear();
    }
}
