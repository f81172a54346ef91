package dev.modelfamily.cli.run;

import dev.modelfamily.cli.text.ProgressLine;
import dev.modelfamily.contract.Progress;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Bars, for terminals: one for the present phase, in the last line; what is said scrolls above it. */
final class BarDisplay implements Display {
    private static final int INTERVAL_MILLIS = 250;
    private static final int USUAL_WIDTH = 80;

    private final PrintStream out;
    private final int width;
    private final Map<String, Bar> bars = new LinkedHashMap<>();

    BarDisplay(PrintStream out) {
        this.out = out;
        this.width = terminalWidth();
    }

    @Override
    public void progress(String member, Progress progress) {
        Bar present = bars.get(member);
        if (present == null || !present.phase.equals(progress.phase())) {
            ended(member);
            bars.put(member, new Bar(new LastLine(out, width), member, progress));
        }
        bars.get(member).show(progress);
    }

    @Override
    public void say(String line) {
        out.println(LastLine.CLEAR + line);
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

    /** Asked once and without its signals: a terminal of JLine that is open takes Ctrl-C for itself. */
    private static int terminalWidth() {
        try (Terminal terminal =
                TerminalBuilder.builder().dumb(true).nativeSignals(false).build()) {
            return terminal.getWidth() > 0 ? terminal.getWidth() : USUAL_WIDTH;
        } catch (IOException _) {
            return USUAL_WIDTH; // narrower than it could be, but right
        }
    }

    /** A bar, and the time left of its phase as the trainer told it last. */
    private static final class Bar {
        private final String phase;
        private final ProgressBar bar;
        private volatile double secondsLeft = -1;

        Bar(ProgressBarConsumer line, String member, Progress first) {
            String unit = new ProgressLine(first).unit();
            this.phase = first.phase();
            this.bar = new ProgressBarBuilder()
                    .setTaskName(member + " " + first.phase())
                    .setInitialMax(first.total())
                    .startsFrom(first.done(), Duration.ZERO)
                    .setUnit(unit.isEmpty() ? "" : " " + unit, 1)
                    .setUpdateIntervalMillis(INTERVAL_MILLIS)
                    .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                    .setConsumer(line)
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

    /** The last line of a terminal, which is empty again after a bar has ended. */
    private record LastLine(PrintStream out, int width) implements ProgressBarConsumer {
        private static final String CLEAR = "\r\u001b[2K";

        @Override
        public int getMaxRenderedLength() {
            return width - 1;
        }

        @Override
        public void accept(String rendered) {
            out.print("\r" + rendered + "\u001b[K");
            out.flush();
        }

        @Override
        public void close() {
            out.print(CLEAR);
            out.flush();
        }
    }
}
