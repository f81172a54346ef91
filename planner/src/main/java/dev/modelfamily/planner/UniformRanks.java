package dev.modelfamily.planner;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Ranks by the uniform method: every linear keeps the same share {@code s} of its dense parameters, so
 * {@code r = s * in * out / (in + out)} rounded down to a multiple, with {@code s} as large as the budget allows. What is then
 * left of the budget raises single ranks by one multiple, those first that lost most by rounding. A rank at or above break-even
 * leaves the linear dense; a linear that is factored already never gets a higher rank. So the total is never above the budget,
 * and below it by less than one multiple of the largest linear.
 */
final class UniformRanks {
    private static final int BISECTIONS = 50;

    private final List<Linear> linears;
    private final SortedMap<String, Integer> current;

    /** For a member that is made from one of this shape. */
    UniformRanks(ModelShape input) {
        this.linears = Linears.of(input);
        this.current = input.ranks();
    }

    /** The parameters that the linears need at least: all of them at rank 1. */
    long smallest() {
        return cost(1, 0);
    }

    /** The wanted multiple, halved until the smallest linear has at least eight steps below break-even. */
    int multiple(int wanted) {
        int smallest = linears.stream().mapToInt(Linear::breakEven).min().orElse(1);
        int multiple = wanted;
        while (multiple > 1 && multiple > smallest / 8) {
            multiple /= 2;
        }
        return multiple;
    }

    /**
     * The rank of every linear that is or becomes factored.
     *
     * @param budget the parameters of the weights of all linears together
     * @param wanted the multiple of ranks, smaller where the model or the budget is small
     * @return empty where even rank 1 does not fit
     */
    Optional<SortedMap<String, Integer>> within(long budget, int wanted) {
        int multiple = multiple(wanted);
        while (multiple > 1 && cost(multiple, 0) > budget) {
            multiple /= 2;
        }
        if (cost(multiple, 0) > budget) {
            return Optional.empty();
        }
        double low = 0;
        double high = 1;
        if (cost(multiple, high) <= budget) {
            low = high;
        }
        for (int i = 0; i < BISECTIONS && low < high; i++) {
            double middle = (low + high) / 2;
            if (cost(multiple, middle) <= budget) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Optional.of(filled(multiple, low, budget));
    }

    private SortedMap<String, Integer> filled(int multiple, double share, long budget) {
        SortedMap<String, Integer> ranks = new TreeMap<>();
        linears.forEach(linear -> ranks.put(linear.name(), rank(linear, multiple, share)));
        long left = budget - cost(multiple, share);
        // A stable sort: equal losses are made good from the first block on, as the first blocks are the fragile ones.
        List<Linear> byLoss = linears.stream()
                .sorted(Collections.reverseOrder(Comparator.comparingDouble(
                        linear -> share * linear.dense() / linear.perRank() - ranks.get(linear.name()))))
                .toList();
        for (Linear linear : byLoss) {
            int now = ranks.get(linear.name());
            int next = Math.min(now + multiple, limit(linear));
            long more = cost(linear, next) - cost(linear, now);
            if (more <= left) {
                ranks.put(linear.name(), next);
                left -= more;
            }
        }
        linears.stream()
                .filter(linear -> isDense(linear, ranks.get(linear.name())))
                .forEach(linear -> ranks.remove(linear.name()));
        return ranks;
    }

    private long cost(int multiple, double share) {
        return linears.stream()
                .mapToLong(linear -> cost(linear, rank(linear, multiple, share)))
                .sum();
    }

    private long cost(Linear linear, int rank) {
        return isDense(linear, rank) ? linear.dense() : rank * linear.perRank();
    }

    private boolean isDense(Linear linear, int rank) {
        return rank >= linear.breakEven() && !current.containsKey(linear.name());
    }

    private int rank(Linear linear, int multiple, double share) {
        int exact = (int) (share * linear.dense() / linear.perRank());
        int rounded = Math.max(multiple, exact - exact % multiple);
        return share >= 1 ? limit(linear) : Math.min(rounded, limit(linear));
    }

    /** The highest rank: the present one of a factored linear, break-even, that is dense, for the others. */
    private int limit(Linear linear) {
        return current.getOrDefault(linear.name(), linear.breakEven());
    }
}
