package dev.modelfamily.trainer.decompose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.modelfamily.api.v1alpha1.Allocation;
import dev.modelfamily.api.v1alpha1.Recut;
import dev.modelfamily.api.v1alpha1.Truncation;
import dev.modelfamily.contract.Cut;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.planner.Linear;
import dev.modelfamily.planner.Linears;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.Shapes;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.torch.Arguments;
import dev.modelfamily.trainer.torch.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("torch")
class DecompositionTest {
    private static final ModelShape SHAPE = Shapes.tiny();
    private static final int RANK = 20;
    private static final int LOWER_RANK = 8;

    @Test
    void theDroppedSquaresAreTheErrorOfTheWeight() {
        try (LanguageModel original = random(SHAPE)) {
            Decomposition.Result cut = Decomposition.plain(random(SHAPE), cut(RANK, Recut.Product), done -> {});
            try (LanguageModel member = cut.model()) {
                for (Linear linear : Linears.of(SHAPE)) {
                    Tensor weight = original.tensor(linear.name() + ".weight");
                    double share = distance(weight, member, linear) / squares(weight);
                    assertThat(cut.errors().get(linear.name()))
                            .as(linear.name())
                            .isCloseTo(share, within(1e-4 * share));
                }
            }
        }
    }

    @Test
    void atFullRankNothingIsLost() {
        ModelShape shape = SHAPE;
        try (LanguageModel original = random(shape);
                LanguageModel member = Decomposition.plain(random(shape), cut(32, Recut.Product), done -> {})
                        .model()) {
            Linear keys = new Linear("model.layers.1.self_attn.k_proj", 64, 32, false);
            assertThat(distance(original.tensor(keys.name() + ".weight"), member, keys))
                    .isLessThan(1e-10 * squares(original.tensor(keys.name() + ".weight")));
        }
    }

    @Test
    void aProductIsCutNoWorseThanOneOfItsFactors() {
        ModelShape factored = SHAPE.withRanks(ranks(RANK));
        try (LanguageModel product = recut(factored, Recut.Product);
                LanguageModel factor = recut(factored, Recut.SingleFactor);
                LanguageModel before = random(factored)) {
            for (Linear linear : Linears.of(SHAPE)) {
                try (Tensor whole = multiplied(before, linear)) {
                    assertThat(distance(whole, product, linear))
                            .as(linear.name())
                            .isLessThan(distance(whole, factor, linear));
                }
            }
        }
    }

    @Test
    void aRankCannotRise() {
        LanguageModel low = random(SHAPE.withRanks(ranks(LOWER_RANK)));
        assertThatThrownBy(() -> Decomposition.plain(low, cut(RANK, Recut.Product), done -> {}))
                .isInstanceOf(StageException.class)
                .hasMessageContaining("its rank is 8 and a stage can only lower it");
    }

    private static LanguageModel recut(ModelShape shape, Recut recut) {
        return Decomposition.plain(random(shape), cut(LOWER_RANK, recut), done -> {})
                .model();
    }

    private static Cut cut(int rank, Recut recut) {
        return new Cut(Truncation.Plain, Allocation.Uniform, recut, null, 1, 0, ranks(rank));
    }

    private static SortedMap<String, Integer> ranks(int rank) {
        SortedMap<String, Integer> ranks = new TreeMap<>();
        Linears.of(SHAPE).forEach(linear -> ranks.put(linear.name(), rank));
        return ranks;
    }

    private static LanguageModel random(ModelShape shape) {
        Random random = new Random(1);
        return LanguageModel.create(shape, (slot, memory) -> {
            for (long i = 0; i < slot.elements(); i++) {
                memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
            }
        });
    }

    private static Tensor multiplied(LanguageModel model, Linear linear) {
        return LanguageModel.script().tensor("multiply", factors(Arguments.of(), model, linear));
    }

    /** The squared Frobenius norm of what a factored linear lacks of a weight. */
    private static double distance(Tensor weight, LanguageModel model, Linear linear) {
        return LanguageModel.script().numbers("distance", factors(Arguments.of().tensor(weight), model, linear))[0];
    }

    private static Arguments factors(Arguments arguments, LanguageModel model, Linear linear) {
        return arguments
                .tensor(model.tensor(linear.name() + ".u.weight"))
                .tensor(model.tensor(linear.name() + ".v.weight"));
    }

    private static double squares(Tensor weight) {
        double sum = 0;
        for (float value : weight.toFloats()) {
            sum += (double) value * value;
        }
        return sum;
    }
}
