package dev.modelfamily.trainer.allocate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.planner.Linear;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GlobalRanksTest {
    private static Spectrum spectrum(String name, int in, int out, int current, double... squares) {
        return new Spectrum(
                new Linear(name, in, out, false),
                current,
                DoubleStream.of(squares).boxed().toList());
    }

    private static Spectrum random(Random random, int number) {
        int in = 4 + random.nextInt(12);
        int out = 4 + random.nextInt(12);
        int least = Math.min(in, out);
        int current = random.nextBoolean() ? 0 : 1 + random.nextInt(Math.max(1, least / 2));
        double[] squares = random.doubles(current == 0 ? least : current)
                .map(x -> x * x * x)
                .toArray();
        Arrays.sort(squares);
        double[] falling = new double[squares.length];
        for (int i = 0; i < squares.length; i++) {
            falling[i] = squares[squares.length - 1 - i];
        }
        return spectrum("linear" + number, in, out, current, falling);
    }

    private static double sum(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum();
    }

    private static long cost(Spectrum spectrum, SortedMap<String, Integer> ranks) {
        Integer rank = ranks.get(spectrum.linear().name());
        return rank == null
                ? spectrum.linear().dense()
                : rank * spectrum.linear().perRank();
    }

    private static double gain(Spectrum spectrum, SortedMap<String, Integer> ranks) {
        int kept =
                ranks.getOrDefault(spectrum.linear().name(), spectrum.squares().size());
        return sum(spectrum.squares().subList(0, kept));
    }

    @Test
    void parametersGoWhereTheySaveMostLoss() {
        List<Spectrum> spectra = List.of(
                spectrum("steep", 8, 8, 0, 100, 10, 1, 0, 0, 0, 0, 0),
                spectrum("weak", 8, 8, 0, 5, 4, 3, 2, 1, 1, 1, 1));
        SortedMap<String, Integer> ranks =
                GlobalRanks.within(spectra, 4 * 16, 1).orElseThrow();
        assertThat(ranks).containsEntry("steep", 2).containsEntry("weak", 2);
    }

    @Test
    void aMatrixThatLosesWithEveryRankStaysDense() {
        List<Spectrum> spectra = List.of(
                spectrum("flat", 8, 8, 0, 9, 9, 9, 9, 9, 9, 9, 9), spectrum("steep", 8, 8, 0, 9, 0, 0, 0, 0, 0, 0, 0));
        SortedMap<String, Integer> ranks =
                GlobalRanks.within(spectra, 64 + 16, 1).orElseThrow();
        assertThat(ranks).containsExactlyEntriesOf(new TreeMap<>(Map.of("steep", 1)));
    }

    @Test
    void withEnoughForAllNothingIsCut() {
        List<Spectrum> spectra = List.of(spectrum("dense", 8, 8, 0, 3, 2, 1), spectrum("factored", 8, 8, 2, 2, 1));
        assertThat(GlobalRanks.within(spectra, 64 + 32, 1).orElseThrow())
                .containsExactlyEntriesOf(new TreeMap<>(Map.of("factored", 2)));
    }

    @Test
    void theMultipleIsKeptAndHalvedOnlyWhereItDoesNotFit() {
        List<Spectrum> spectra =
                List.of(spectrum("a", 64, 64, 0, new double[64]), spectrum("b", 64, 64, 0, new double[64]));
        assertThat(GlobalRanks.within(spectra, 40 * 128, 8).orElseThrow().values())
                .allMatch(rank -> rank % 8 == 0);
        assertThat(GlobalRanks.within(spectra, 6 * 128, 8).orElseThrow().values())
                .allMatch(rank -> rank == 2 || rank == 4);
        assertThat(GlobalRanks.within(spectra, 100, 8)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void noOtherChoiceUnderTheBudgetSavesMuchMore(long seed) {
        Random random = new Random(seed);
        List<Spectrum> spectra = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            spectra.add(random(random, i));
        }
        long most = spectra.stream().mapToLong(Spectrum::whole).sum();
        long least = spectra.stream()
                .mapToLong(s -> Math.min(s.whole(), s.linear().perRank()))
                .sum();
        long budget = least + random.nextLong(most - least + 1);
        SortedMap<String, Integer> ranks =
                GlobalRanks.within(spectra, budget, 1).orElseThrow();

        assertThat(spectra.stream().mapToLong(s -> cost(s, ranks)).sum()).isLessThanOrEqualTo(budget);
        double found = spectra.stream().mapToDouble(s -> gain(s, ranks)).sum();
        double largest =
                spectra.stream().mapToDouble(s -> sum(s.squares())).max().orElse(0);
        assertThat(found).isGreaterThanOrEqualTo(best(spectra, 0, budget) - largest);
        // Nothing is left that a further rank could use.
        for (Spectrum spectrum : spectra) {
            Integer rank = ranks.get(spectrum.linear().name());
            if (rank != null && rank < spectrum.limit()) {
                assertThat(budget
                                - spectra.stream()
                                        .mapToLong(s -> cost(s, ranks))
                                        .sum())
                        .isLessThan(spectrum.linear().perRank());
            }
        }
    }

    /** By trying all. */
    private static double best(List<Spectrum> spectra, int from, long budget) {
        if (from == spectra.size()) {
            return 0;
        }
        Spectrum spectrum = spectra.get(from);
        double best = Double.NEGATIVE_INFINITY;
        double gain = 0;
        for (int rank = 1; rank <= spectrum.limit(); rank++) {
            gain += rank <= spectrum.squares().size() ? spectrum.squares().get(rank - 1) : 0;
            long cost = rank * spectrum.linear().perRank();
            if (cost <= budget) {
                best = Math.max(best, gain + best(spectra, from + 1, budget - cost));
            }
        }
        if (spectrum.whole() <= budget) {
            best = Math.max(best, sum(spectrum.squares()) + best(spectra, from + 1, budget - spectrum.whole()));
        }
        return best;
    }
}
