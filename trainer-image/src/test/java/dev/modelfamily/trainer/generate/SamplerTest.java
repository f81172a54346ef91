package dev.modelfamily.trainer.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.planner.Linear;
import dev.modelfamily.planner.Linears;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.trainer.model.Draws;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Layout;
import dev.modelfamily.trainer.report.Progression;
import dev.modelfamily.trainer.torch.Torch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("torch")
class SamplerTest {
    private static final int WORDS = 96;
    private static final int FIRST = 5;
    private static final int ROWS = 3;
    private static final int LENGTH = 24;
    private static final long SEED = 11;

    private static ModelShape shape(boolean norms, int window, SortedMap<String, Integer> ranks) {
        return new ModelShape(
                norms ? "qwen3" : "llama",
                2,
                32,
                64,
                4,
                2,
                8,
                WORDS,
                64,
                true,
                false,
                false,
                false,
                norms,
                window,
                1e-5,
                10_000,
                Optional.empty(),
                ranks);
    }

    static List<ModelShape> shapes() {
        SortedMap<String, Integer> ranks = new TreeMap<>();
        ModelShape dense = shape(false, 0, ranks);
        SortedMap<String, Integer> cut = new TreeMap<>();
        Linears.of(dense).stream().map(Linear::name).forEach(name -> cut.put(name, 5));
        return List.of(dense, dense.withRanks(cut), shape(true, 0, ranks), shape(false, 7, ranks));
    }

    @BeforeEach
    void oneThread() {
        Torch.setThreads(1);
    }

    private static LanguageModel random(ModelShape shape) {
        Random random = new Random(1);
        return LanguageModel.create(shape, (slot, memory) -> fill(slot, memory, random));
    }

    private static void fill(Layout.Slot slot, MemorySegment memory, Random random) {
        for (long i = 0; i < slot.elements(); i++) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, slot.decayed() ? (float) random.nextGaussian() * 0.3f : 1f);
        }
    }

    private static int[][] sample(LanguageModel model, Sampler sampler) {
        return sampler.rows(model, FIRST, ROWS, LENGTH, new SplittableRandom(SEED), Progression.SILENT);
    }

    /** The tokens by their definition, in Java, from logits that are computed for whole rows, without what is kept between tokens. */
    @ParameterizedTest
    @MethodSource("shapes")
    void eachTokenIsDrawnFromTheDistributionAfterThoseBefore(ModelShape shape) {
        Sampler sampler = new Sampler(0.8, 0.9);
        try (LanguageModel model = random(shape)) {
            int[][] rows = sample(model, sampler);
            float[] logits = model.logits(rows);
            SplittableRandom random = new SplittableRandom(SEED);
            for (int row = 0; row < ROWS; row++) {
                assertThat(rows[row][0]).isEqualTo(FIRST);
                Draws.next(random); // that of the first place, which is given
                for (int at = 0; at + 1 < LENGTH; at++) {
                    int from = (row * LENGTH + at) * WORDS;
                    float[] seen = Arrays.copyOfRange(logits, from, from + WORDS);
                    assertThat(rows[row][at + 1])
                            .as("row %d, place %d", row, at + 1)
                            .isEqualTo(drawn(seen, Draws.next(random), sampler));
                }
            }
        }
    }

    private static int drawn(float[] logits, double draw, Sampler sampler) {
        double[] p = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            p[i] = Math.exp(logits[i] / sampler.temperature());
            sum += p[i];
        }
        double all = sum;
        List<Integer> order = IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> p[i]).reversed())
                .toList();
        int kept = 0;
        double mass = 0;
        while (kept < p.length && mass / all < sampler.topP()) {
            mass += p[order.get(kept++)];
        }
        double passed = 0;
        for (int i = 0; i < kept; i++) {
            passed += p[order.get(i)];
            if (passed > draw * mass) {
                return order.get(i);
            }
        }
        return order.get(kept - 1);
    }

    @Test
    void theSameSeedGivesTheSameTokensAndAnotherGivesOthers() {
        Sampler sampler = new Sampler(1, 1);
        try (LanguageModel model = random(shape(false, 0, new TreeMap<>()))) {
            int[][] rows = sample(model, sampler);
            assertThat(sample(model, sampler)).isDeepEqualTo(rows);
            SplittableRandom other = new SplittableRandom(SEED + 1);
            assertThat(sampler.rows(model, FIRST, ROWS, LENGTH, other, Progression.SILENT)[0])
                    .isNotEqualTo(rows[0]);
            assertThat(rows[0]).isNotEqualTo(rows[1]);
        }
    }

    @Test
    void documentsEndWhereTheModelEndsThem() {
        assertThat(Generation.split(new int[] {0, 7, 8, 0, 0, 9}, 0)).containsExactly(new int[] {7, 8}, new int[] {9});
    }
}
