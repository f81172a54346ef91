package dev.modelfamily.planner;

import java.util.Collections;
import java.util.SortedMap;

/** The ranks of a member in short. */
public final class RankSummary {
    private RankSummary() {}

    /** Such as {@code 64-448, 40 of 210 matrices dense}. */
    public static String of(ModelShape shape) {
        SortedMap<String, Integer> ranks = shape.ranks();
        int all = Linears.of(shape).size();
        int dense = all - ranks.size();
        String left = dense == 0 ? "" : dense + " of " + all + " matrices dense";
        if (ranks.isEmpty()) {
            return left;
        }
        int least = Collections.min(ranks.values());
        int most = Collections.max(ranks.values());
        String range = least == most ? String.valueOf(least) : least + "-" + most;
        return left.isEmpty() ? range : range + ", " + left;
    }
}
