package dev.modelfamily.cli.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;

/**
 * The loss of one stage by the tokens trained on, thin enough to draw: column by column, one entry a point.
 *
 * @param steps how many optimizer steps the log has; the curve may have fewer points
 * @param window how many steps a point of {@code smooth} is the mean of
 * @param loss in nats, as it was logged
 * @param smooth the running mean of the loss, over all steps of the log
 */
record LossCurve(
        int steps,
        int window,
        List<Long> tokens,
        List<Double> loss,
        List<Double> smooth,
        List<Double> learningRate,
        List<Double> gradientNorm) {
    /** The most points that a curve has. */
    static final int MOST_POINTS = 800;

    private static final MathContext DIGITS = new MathContext(6);
    /** Kept of each stretch: the lowest and highest loss and the highest gradient norm. */
    private static final int KEPT_OF_A_STRETCH = 3;
    /** The share of the steps that the running mean takes, in percent. */
    private static final int WINDOW_PERCENT = 2;
    /** The steps on either side that it takes at least, but for logs that are shorter than ten times as many. */
    private static final int LEAST_REACH = 4;

    static final LossCurve NOTHING = of(List.of());

    /** One line of the log. */
    record Step(long tokens, double loss, double learningRate, double gradientNorm) {}

    /** Of all steps of a log, in their order. */
    static LossCurve of(List<Step> steps) {
        int half = Math.max(steps.size() * WINDOW_PERCENT / 200, Math.min(LEAST_REACH, steps.size() / 10));
        double[] smooth = runningMean(steps, half);
        List<Integer> kept = thinned(steps);
        return new LossCurve(
                steps.size(),
                2 * half + 1,
                kept.stream().map(index -> steps.get(index).tokens()).toList(),
                column(kept, index -> steps.get(index).loss()),
                column(kept, index -> smooth[index]),
                column(kept, index -> steps.get(index).learningRate()),
                column(kept, index -> steps.get(index).gradientNorm()));
    }

    /** The points to draw: all, or the first, the last and the extremes of equal stretches between. */
    private static List<Integer> thinned(List<Step> steps) {
        int last = steps.size() - 1;
        TreeSet<Integer> kept = new TreeSet<>();
        if (steps.size() <= MOST_POINTS) {
            for (int index = 0; index <= last; index++) {
                kept.add(index);
            }
            return List.copyOf(kept);
        }
        kept.add(0);
        kept.add(last);
        int stretches = (MOST_POINTS - 2) / KEPT_OF_A_STRETCH;
        for (int stretch = 0; stretch < stretches; stretch++) {
            int from = boundary(last, stretch, stretches);
            int to = boundary(last, stretch + 1, stretches);
            kept.add(highest(steps, from, to, step -> -step.loss()));
            kept.add(highest(steps, from, to, Step::loss));
            kept.add(highest(steps, from, to, Step::gradientNorm));
        }
        return List.copyOf(kept);
    }

    /** The first of the inner points 1 to last - 1 that belongs to a stretch. */
    private static int boundary(int last, int stretch, int stretches) {
        return 1 + Math.toIntExact((long) (last - 1) * stretch / stretches);
    }

    private static int highest(List<Step> steps, int from, int to, ToDoubleFunction<Step> value) {
        int highest = from;
        for (int index = from + 1; index < to; index++) {
            double present = value.applyAsDouble(steps.get(highest));
            double here = value.applyAsDouble(steps.get(index));
            if (here > present || (Double.isNaN(present) && !Double.isNaN(here))) {
                highest = index;
            }
        }
        return highest;
    }

    /** The mean over so many steps on both sides, fewer near the ends but as many on either side; losses that are no number are skipped. */
    private static double[] runningMean(List<Step> steps, int half) {
        double[] sums = new double[steps.size() + 1];
        int[] counts = new int[steps.size() + 1];
        for (int index = 0; index < steps.size(); index++) {
            double loss = steps.get(index).loss();
            boolean counted = Double.isFinite(loss);
            sums[index + 1] = sums[index] + (counted ? loss : 0);
            counts[index + 1] = counts[index] + (counted ? 1 : 0);
        }
        double[] means = new double[steps.size()];
        Arrays.setAll(means, index -> {
            int reach = Math.min(half, Math.min(index, steps.size() - 1 - index));
            int from = index - reach;
            int to = index + reach + 1;
            return (sums[to] - sums[from]) / (counts[to] - counts[from]);
        });
        return means;
    }

    private static List<Double> column(List<Integer> kept, IntToDoubleFunction value) {
        return kept.stream().map(index -> rounded(value.applyAsDouble(index))).toList();
    }

    private static double rounded(double value) {
        return Double.isFinite(value) ? new BigDecimal(value).round(DIGITS).doubleValue() : value;
    }
}
