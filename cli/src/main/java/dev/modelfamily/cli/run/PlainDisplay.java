package dev.modelfamily.cli.run;

import dev.modelfamily.cli.text.ProgressLine;
import dev.modelfamily.contract.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Lines, for logs and pipes: one a phase, and one every few seconds within it. */
final class PlainDisplay implements Display {
    private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

    private final PrintWriter out;
    private final Map<String, Shown> shown = new HashMap<>();

    private record Shown(String phase, long nanos) {}

    PlainDisplay(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void progress(String member, Progress progress) {
        long now = System.nanoTime();
        Shown last = shown.get(member);
        if (last == null || !last.phase().equals(progress.phase()) || now - last.nanos() >= INTERVAL_NANOS) {
            shown.put(member, new Shown(progress.phase(), now));
            say(member + ": " + new ProgressLine(progress));
        }
    }

    @Override
    public void say(String line) {
        out.println(line);
        out.flush();
    }

    @Override
    public void ended(String member) {
        shown.remove(member);
    }

    @Override
    public void close() {
        out.flush();
    }
}
