package dev.modelfamily.trainer.allocate;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The choices of one linear, from the fewest parameters to what it has now, and which of them is taken. */
final class Staircase {
    private final Spectrum spectrum;
    private final List<Integer> ranks = new ArrayList<>();
    private final List<Long> costs = new ArrayList<>();
    private final List<Double> gains = new ArrayList<>();
    private int step;

    /** A piece of the upper concave hull. */
    @FunctionalInterface
    interface Hull {
        void piece(int end, double slope);
    }

    Staircase(Spectrum spectrum, int multiple) {
        this.spectrum = spectrum;
        double gain = 0;
        int counted = 0;
        for (int rank = multiple; rank <= spectrum.limit(); rank += multiple) {
            for (; counted < rank && counted < spectrum.squares().size(); counted++) {
                gain += spectrum.squares().get(counted);
            }
            add(rank, rank * spectrum.linear().perRank(), gain);
        }
        for (; counted < spectrum.squares().size(); counted++) {
            gain += spectrum.squares().get(counted);
        }
        add(spectrum.current(), spectrum.whole(), gain);
    }

    private void add(int rank, long cost, double gain) {
        ranks.add(rank);
        costs.add(cost);
        gains.add(gain);
    }

    String name() {
        return spectrum.linear().name();
    }

    int step() {
        return step;
    }

    int top() {
        return ranks.size() - 1;
    }

    void climb(int to) {
        step = to;
    }

    long cost() {
        return costs.get(step);
    }

    long costAt(int at) {
        return costs.get(at);
    }

    /** The loss saved per parameter by going from where it is to a higher step. */
    double slope(int to) {
        return slope(step, to);
    }

    private double slope(int from, int to) {
        return (gains.get(to) - gains.get(from)) / (costs.get(to) - costs.get(from));
    }

    /** The pieces from the lowest step to the top; their slopes fall. */
    void hull(Hull each) {
        int from = 0;
        while (from < top()) {
            int best = from + 1;
            for (int to = from + 2; to <= top(); to++) {
                if (slope(from, to) >= slope(from, best)) {
                    best = to;
                }
            }
            each.piece(best, slope(from, best));
            from = best;
        }
    }

    /** The rank that is taken; empty for a linear that stays dense. */
    OptionalInt rank() {
        int rank = ranks.get(step);
        return rank == 0 ? OptionalInt.empty() : OptionalInt.of(rank);
    }
}
