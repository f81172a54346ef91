package dev.modelfamily.trainer.allocate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Ranks under one budget for the whole model: parameters go where they save most loss each. A linear's loss over its parameters
 * is a staircase of steps of {@code multiple} ranks whose last step, to what the linear is now, often saves most: all that was
 * left, for the few parameters between break-even and dense. So each staircase is taken along its upper concave hull, and the
 * pieces of all hulls in the order of loss saved per parameter: the best of all choices up to the first piece that does not fit (Fox
 * 1966). What then is left of the budget goes to the steps that fit, always the one that saves most a parameter.
 */
public final class GlobalRanks {
    private final List<Staircase> stairs = new ArrayList<>();
    private long left;

    private GlobalRanks(List<Spectrum> spectra, long budget, int multiple) {
        this.left = budget;
        for (Spectrum spectrum : spectra) {
            Staircase staircase = new Staircase(spectrum, multiple);
            stairs.add(staircase);
            left -= staircase.cost();
        }
    }

    /**
     * The rank of each linear that is factored; one that is absent stays dense.
     *
     * @param budget the parameters of all linears together
     * @param multiple of the ranks; halved as long as one step of each linear is above the budget
     * @return empty where even rank 1 does not fit
     */
    public static Optional<SortedMap<String, Integer>> within(List<Spectrum> spectra, long budget, int multiple) {
        for (int step = multiple; step >= 1; step /= 2) {
            GlobalRanks ranks = new GlobalRanks(spectra, budget, step);
            if (ranks.left >= 0) {
                return Optional.of(ranks.run());
            }
        }
        return Optional.empty();
    }

    private record Piece(Staircase of, int end, double slope) {}

    private SortedMap<String, Integer> run() {
        List<Piece> pieces = new ArrayList<>();
        for (Staircase staircase : stairs) {
            staircase.hull((end, slope) -> pieces.add(new Piece(staircase, end, slope)));
        }
        // Stable, so that equal pieces are taken from the first block on.
        pieces.sort(Comparator.comparingDouble(Piece::slope).reversed());
        for (Piece piece : pieces) {
            if (piece.of().costAt(piece.end()) - piece.of().cost() > left) {
                break;
            }
            take(piece);
        }
        fill();
        SortedMap<String, Integer> ranks = new TreeMap<>();
        stairs.forEach(staircase -> staircase.rank().ifPresent(rank -> ranks.put(staircase.name(), rank)));
        return ranks;
    }

    private void take(Piece piece) {
        left -= piece.of().costAt(piece.end()) - piece.of().cost();
        piece.of().climb(piece.end());
    }

    /** One or several steps at a time, as long as any fit: always those that save most loss a parameter. */
    private void fill() {
        Piece best;
        do {
            best = null;
            for (Staircase staircase : stairs) {
                for (int step = staircase.step() + 1; step <= staircase.top(); step++) {
                    double slope = staircase.slope(step);
                    boolean fits = staircase.costAt(step) - staircase.cost() <= left;
                    if (fits && (best == null || slope > best.slope())) {
                        best = new Piece(staircase, step, slope);
                    }
                }
            }
            if (best != null) {
                take(best);
            }
        } while (best != null);
    }
}
