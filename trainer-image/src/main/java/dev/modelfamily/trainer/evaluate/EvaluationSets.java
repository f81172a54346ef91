package dev.modelfamily.trainer.evaluate;

import dev.modelfamily.contract.DataRef;
import dev.modelfamily.trainer.data.EvaluationWindows;
import dev.modelfamily.trainer.data.TokenSet;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.recover.Course;
import dev.modelfamily.trainer.recover.LineLog;
import dev.modelfamily.trainer.recover.Milestones;
import dev.modelfamily.trainer.report.Progression;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** The evaluation sets of a stage, opened. */
public final class EvaluationSets implements AutoCloseable {
    /** On the way a few windows are enough to see the course; the whole set would cost more than the training. */
    private static final int WINDOWS_ON_THE_WAY = 8;

    /** Measured so often on the way, the end included, the start not. */
    private static final int POINTS_ON_THE_WAY = 5;

    private final List<Opened> sets = new ArrayList<>();
    private final int length;

    private record Opened(DataRef ref, TokenSet tokens) {}

    private EvaluationSets(int length) {
        this.length = length;
    }

    /**
     * Opens the sets.
     *
     * @param length the tokens of a window
     */
    public static EvaluationSets open(List<DataRef> refs, int length) {
        EvaluationSets opened = new EvaluationSets(length);
        boolean whole = false;
        try {
            for (DataRef ref : refs) {
                opened.sets.add(new Opened(ref, TokenSet.open(Path.of(ref.path()))));
            }
            whole = true;
            return opened;
        } finally {
            if (!whole) {
                opened.close();
            }
        }
    }

    /** Measures a model on each set as far as its order goes: perplexity by the name of the set. */
    public SortedMap<String, Double> measure(LanguageModel model, LongFunction<Progression> phase) {
        SortedMap<String, Double> found = new TreeMap<>();
        if (sets.isEmpty()) {
            return found;
        }
        long total = sets.stream()
                .mapToLong(set -> (long) windows(set, set.ref().maxWindows()).count() * length)
                .sum();
        Progression progress = phase.apply(total);
        long before = 0;
        for (Opened set : sets) {
            EvaluationWindows windows = windows(set, set.ref().maxWindows());
            long done = before;
            found.put(
                    set.ref().name(),
                    Perplexity.of(model, windows, tokens -> progress.at(done + tokens))
                            .value());
            before += (long) windows.count() * length;
        }
        return found;
    }

    /** Measures a model a few times during its recovery, on the first windows of each set. */
    public Milestones onTheWay(LanguageModel model, LineLog log) {
        return (step, steps, tokens) -> {
            if (isMeasured(step, steps)) {
                for (Opened set : sets) {
                    Perplexity found = Perplexity.of(model, windows(set, fewWindows(set)), Progression.SILENT);
                    log.add(new Course.Measured(tokens, set.ref().name(), found.value()));
                }
            }
        };
    }

    /** The start, the end and between them the steps at which another equal part of the way is done. */
    static boolean isMeasured(long step, long steps) {
        return step == 0 || step * POINTS_ON_THE_WAY / steps > (step - 1) * POINTS_ON_THE_WAY / steps;
    }

    private static int fewWindows(Opened set) {
        int most = set.ref().maxWindows();
        return most == 0 ? WINDOWS_ON_THE_WAY : Math.min(most, WINDOWS_ON_THE_WAY);
    }

    private EvaluationWindows windows(Opened set, int most) {
        return new EvaluationWindows(set.tokens(), length, most);
    }

    @Override
    public void close() {
        sets.forEach(set -> set.tokens().close());
    }
}
