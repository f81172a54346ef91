package dev.modelfamily.trainer.decompose;

import static dev.modelfamily.trainer.decompose.Cuts.SHAPE;
import static dev.modelfamily.trainer.decompose.Cuts.fitted;
import static dev.modelfamily.trainer.decompose.Cuts.global;
import static dev.modelfamily.trainer.decompose.Cuts.measured;
import static dev.modelfamily.trainer.decompose.Cuts.random;
import static dev.modelfamily.trainer.decompose.Cuts.ranks;
import static dev.modelfamily.trainer.decompose.Cuts.rows;
import static dev.modelfamily.trainer.decompose.Cuts.texts;
import static dev.modelfamily.trainer.decompose.Cuts.uniform;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelfamily.api.v1alpha1.Truncation;
import dev.modelfamily.contract.Cut;
import dev.modelfamily.planner.Parameters;
import dev.modelfamily.trainer.calibrate.Texts;
import dev.modelfamily.trainer.model.LanguageModel;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("torch")
class SequentialFitTest {
    static List<Cut> cuts() {
        return List.of(
                uniform(Truncation.Whitened, 9),
                uniform(Truncation.TwoSided, 9),
                global(Math.round(0.7 * Parameters.of(SHAPE))));
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void theLogitsAreNearerToThoseOfTheInputModel(Cut cut) {
        try (Texts texts = texts(600);
                LanguageModel original = random(SHAPE);
                LanguageModel before = measured(random(SHAPE), cut, texts).model();
                LanguageModel after =
                        measured(random(SHAPE), fitted(cut), texts).model()) {
            assertThat(after.shape()).isEqualTo(before.shape());
            assertThat(distance(original, after, 600)).isLessThan(0.9 * distance(original, before, 600));
        }
    }

    /** The whitened cut is the nearest of its rank already where nothing before it was cut. */
    @Test
    void inTheFirstBlockAWhitenedCutStaysAsItIs() {
        Cut cut = uniform(Truncation.Whitened, 9);
        try (Texts texts = texts(600);
                LanguageModel before = measured(random(SHAPE), cut, texts).model();
                LanguageModel after =
                        measured(random(SHAPE), fitted(cut), texts).model()) {
            for (String linear : List.of("q_proj", "k_proj", "v_proj")) {
                String name = "model.layers.0.self_attn." + linear + ".u.weight";
                assertThat(after.tensor(name).toFloats())
                        .containsExactly(before.tensor(name).toFloats(), within(1e-4f));
            }
        }
    }

    @Test
    void aFactoredModelIsCutAgainAndFittedToItself() {
        try (Texts texts = texts(600);
                LanguageModel original = random(SHAPE.withRanks(ranks(20)));
                LanguageModel before = measured(
                                random(SHAPE.withRanks(ranks(20))), uniform(Truncation.TwoSided, 9), texts)
                        .model();
                LanguageModel after = measured(
                                random(SHAPE.withRanks(ranks(20))), fitted(uniform(Truncation.TwoSided, 9)), texts)
                        .model()) {
            assertThat(distance(original, after, 600)).isLessThan(0.9 * distance(original, before, 600));
        }
    }

    /** Fewer tokens than the rank leave the sums singular; then there is no one best fit. */
    @ParameterizedTest
    @ValueSource(ints = {5, 24})
    void fewTokensGiveAFitToo(int tokens) {
        Cut cut = uniform(Truncation.Whitened, 20);
        try (Texts texts = texts(tokens);
                LanguageModel original = random(SHAPE);
                LanguageModel before = measured(random(SHAPE), cut, texts).model();
                LanguageModel after =
                        measured(random(SHAPE), fitted(cut), texts).model()) {
            assertThat(distance(original, after, tokens))
                    .isFinite()
                    .isLessThanOrEqualTo(1.01 * distance(original, before, tokens));
        }
    }

    /** The squared distance of all logits. */
    private static double distance(LanguageModel one, LanguageModel other, int tokens) {
        return rows(tokens).stream()
                .mapToDouble(row -> {
                    float[] a = one.logits(new int[][] {row});
                    float[] b = other.logits(new int[][] {row});
                    return IntStream.range(0, a.length)
                            .mapToDouble(i -> (double) a[i] - b[i])
                            .map(d -> d * d)
                            .sum();
                })
                .sum();
    }
}
