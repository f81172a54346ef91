package dev.modelfamily.trainer.decompose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.torch.Arguments;
import dev.modelfamily.trainer.torch.Script;
import dev.modelfamily.trainer.torch.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cut of a dense weight against the singular values that LAPACK gives for it in fp64. */
@Tag("torch")
class PlainCutTest {
    private static final Script REFERENCE = Script.compile("""
              def tail(self, w: Tensor, r: int) -> Tensor:
                u, s, v = torch.linalg_svd(torch.to(w, 7), False)
                squares = torch.square(s)
                return torch.stack([torch.sum(torch.slice(squares, 0, r)), torch.sum(squares)])
              def mixed(self, a: Tensor, s: Tensor, b: Tensor) -> Tensor:
                p, x = torch.linalg_qr(torch.to(a, 7))
                q, y = torch.linalg_qr(torch.to(b, 7))
                return torch.to(torch.mm(torch.mul(p, s), torch.t(q)), 6)
            """);

    /** A weight [out, in] with known singular values, and the rank that is asked of it. */
    record Weight(String what, int out, int in, int rank, IntToDoubleFunction singularValues) {
        Tensor made() {
            Random random = new Random(what.hashCode());
            int least = Math.min(out, in);
            try (Tensor a = gaussian(random, out, least);
                    Tensor b = gaussian(random, in, least);
                    Tensor s = LanguageModel.zeros(least)) {
                s.fill(memory -> {
                    for (int k = 0; k < least; k++) {
                        memory.setAtIndex(ValueLayout.JAVA_FLOAT, k, (float) singularValues.applyAsDouble(k));
                    }
                });
                return REFERENCE.tensor(
                        "mixed", Arguments.of().tensor(a).tensor(s).tensor(b));
            }
        }

        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Weight> weights() {
        return Stream.of(
                new Weight("tall", 90, 40, 12, k -> 1 / (1.0 + k)),
                new Weight("wide", 40, 90, 12, k -> 1 / (1.0 + k)),
                new Weight("square", 64, 64, 16, k -> Math.exp(-0.05 * k)),
                new Weight("flat", 64, 48, 10, k -> 1),
                new Weight("nearly full rank", 64, 48, 47, k -> 1),
                new Weight("full rank", 48, 64, 48, k -> 1 / (1.0 + k)),
                new Weight("rank-deficient", 64, 48, 30, k -> k < 20 ? 1 : 0),
                new Weight("cut into a deficient one", 48, 64, 10, k -> k < 20 ? 1 : 0),
                new Weight("tiny tail", 64, 48, 16, k -> k < 16 ? 1 : 1e-4),
                new Weight("steep", 48, 48, 8, k -> Math.pow(10, -0.4 * k)),
                new Weight("tiny", 64, 48, 16, k -> 1e-18 / (1.0 + k)),
                new Weight("zero", 48, 64, 8, k -> 0));
    }

    @ParameterizedTest
    @MethodSource("weights")
    void noPairOfThatRankIsCloser(Weight weight) {
        try (Tensor w = weight.made()) {
            double[] best = REFERENCE.numbers("tail", Arguments.of().tensor(w).integer(weight.rank));
            List<Tensor> cut = LanguageModel.script()
                    .tensors("cut_dense", Arguments.of().tensor(w).integer(weight.rank));
            double error = LanguageModel.script()
                    .numbers(
                            "distance",
                            Arguments.of().tensor(w).tensor(cut.get(0)).tensor(cut.get(1)))[0];
            double[] said = cut.get(2).toDoubles();
            // What fp32 factors cannot hold of the whole.
            double rounding = 1e-12 * best[1];
            assertThat(error).isLessThanOrEqualTo(best[0] * (1 + 1e-6) + rounding);
            assertThat(said[0]).isCloseTo(best[0], within(1e-5 * best[0] + rounding));
            assertThat(said[1]).isCloseTo(best[1], within(1e-5 * best[1]));
            assertThat(cut.get(0).shape()).containsExactly(weight.out, weight.rank);
            assertThat(cut.get(1).shape()).containsExactly(weight.rank, weight.in);
            cut.forEach(Tensor::close);
        }
    }

    private static Tensor gaussian(Random random, int rows, int columns) {
        Tensor tensor = LanguageModel.zeros(rows, columns);
        tensor.fill(memory -> {
            for (long i = 0; i < tensor.elements(); i++) {
                memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
            }
        });
        return tensor;
    }
}
