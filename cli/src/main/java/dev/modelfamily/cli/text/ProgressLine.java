package dev.modelfamily.cli.text;

import dev.modelfamily.contract.Progress;
import dev.modelfamily.planner.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A progress line of the trainer as people read it. */
public record ProgressLine(Progress progress) {
    /** Of a phase in percent; 0 where its work is unknown. */
    public int percent() {
        return progress.total() <= 0 ? 0 : Math.clamp(100 * progress.done() / progress.total(), 0, 100);
    }

    /** What the work of the phase is counted in; empty where only its share says something. */
    public String unit() {
        return switch (progress.phase()) {
            case "recover", "evaluate", "generate" -> "tokens";
            case "decompose" -> "matrices";
            default -> "";
        };
    }

    /** Rate and loss, as far as the phase has them. */
    public String figures() {
        List<String> figures = new ArrayList<>();
        if (unit().equals("tokens") && progress.tokensPerSecond() > 0) {
            figures.add(String.format(Locale.ROOT, "%.0f tokens/s", progress.tokensPerSecond()));
        }
        if (progress.phase().equals("recover") && progress.loss() > 0) {
            figures.add(String.format(Locale.ROOT, "loss %.3f", progress.loss()));
        }
        return String.join(", ", figures);
    }

    /** The time left of the phase; empty while unknown. */
    public String left() {
        return progress.secondsLeft() > 0 ? Times.ofSeconds(progress.secondsLeft()) + " left" : "";
    }

    /** All of it, such as {@code recover 45%, 92.2k of 204.8k tokens, 4512 tokens/s, loss 3.210, 25s left}. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>(List.of(progress.phase() + " " + percent() + "%"));
        if (!unit().isEmpty()) {
            parts.add(Figures.count(progress.done()) + " of " + Figures.count(progress.total()) + " " + unit());
        }
        parts.add(figures());
        parts.add(left());
        return String.join(", ", parts.stream().filter(part -> !part.isEmpty()).toList());
    }
}
