package dev.modelfamily.cli.report;

import dev.modelfamily.planner.Linear;
import dev.modelfamily.planner.Linears;
import dev.modelfamily.planner.ModelShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of one matrix through all layers.
 *
 * @param name such as {@code q_proj}
 * @param breakEven the first rank at which two factors are no smaller than the matrix
 * @param ranks by layer; 0 for a dense one
 * @param kept the share of its parameters, by layer; 1 for a dense one
 * @param errors the share of the squared norm that the cut dropped, by layer; NaN where it is not known, no entries where none is
 */
record MatrixRow(
        String name, int in, int out, int breakEven, List<Integer> ranks, List<Double> kept, List<Double> errors) {

    /**
     * All matrices of a member, in the order of the checkpoint.
     *
     * @param member its shape, with its ranks
     * @param errors by linear; may be empty
     */
    static List<MatrixRow> of(ModelShape member, Map<String, Double> errors) {
        Map<String, List<Linear>> byMatrix = new LinkedHashMap<>();
        for (Linear linear : Linears.of(member)) {
            String matrix = linear.name().substring(linear.name().lastIndexOf('.') + 1);
            byMatrix.computeIfAbsent(matrix, ignored -> new ArrayList<>()).add(linear);
        }
        List<MatrixRow> rows = new ArrayList<>();
        byMatrix.forEach((matrix, linears) -> {
            Linear first = linears.get(0);
            rows.add(new MatrixRow(
                    matrix,
                    first.in(),
                    first.out(),
                    first.breakEven(),
                    linears.stream()
                            .map(linear -> member.ranks().getOrDefault(linear.name(), 0))
                            .toList(),
                    linears.stream()
                            .map(linear -> (double) parameters(member, linear) / linear.dense())
                            .toList(),
                    errors.isEmpty()
                            ? List.of()
                            : linears.stream()
                                    .map(linear -> errors.getOrDefault(linear.name(), Double.NaN))
                                    .toList()));
        });
        return List.copyOf(rows);
    }

    /** The share of the parameters of all linears that a member keeps. */
    static double keptOfLinears(ModelShape member) {
        long dense = 0;
        long kept = 0;
        for (Linear linear : Linears.of(member)) {
            dense += linear.dense();
            kept += parameters(member, linear);
        }
        return (double) kept / dense;
    }

    private static long parameters(ModelShape member, Linear linear) {
        Integer rank = member.ranks().get(linear.name());
        return rank == null ? linear.dense() : rank * linear.perRank();
    }
}
