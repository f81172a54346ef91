package dev.modelfamily.trainer.decompose;

import static dev.modelfamily.trainer.decompose.Cuts.SHAPE;
import static dev.modelfamily.trainer.decompose.Cuts.global;
import static dev.modelfamily.trainer.decompose.Cuts.measured;
import static dev.modelfamily.trainer.decompose.Cuts.random;
import static dev.modelfamily.trainer.decompose.Cuts.ranks;
import static dev.modelfamily.trainer.decompose.Cuts.texts;
import static dev.modelfamily.trainer.decompose.Cuts.uniform;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.modelfamily.api.v1alpha1.Allocation;
import dev.modelfamily.api.v1alpha1.Recut;
import dev.modelfamily.api.v1alpha1.Truncation;
import dev.modelfamily.contract.Cut;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.Parameters;
import dev.modelfamily.trainer.calibrate.Calibration;
import dev.modelfamily.trainer.calibrate.Statistic;
import dev.modelfamily.trainer.calibrate.Texts;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.torch.Arguments;
import dev.modelfamily.trainer.torch.Script;
import dev.modelfamily.trainer.torch.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("torch")
class MeasuredCutTest {
    private static final int RANK = 9;
    /** Of so small a model one rank of the narrowest linear is more than a thousandth. */
    private static final long STEP = 64 + 32;

    private static final String BLOCK = "model.layers.0.self_attn.";
    private static final Script REFERENCE = Script.compile("""
          def inputs(self, ids: Tensor, embedding: Tensor, weight: Tensor, eps: float) -> Tensor:
            x = torch.embedding(embedding, ids)
            scale = torch.rsqrt(torch.add(torch.mean(torch.mul(x, x), [-1], True), eps))
            return torch.reshape(torch.mul(torch.mul(x, scale), weight), [-1, torch.size(x, 2)])
          def error(self, x: Tensor, w: Tensor, u: Tensor, v: Tensor) -> Tensor:
            d = torch.to(x, 7)
            whole = torch.mm(d, torch.t(torch.to(w, 7)))
            rest = torch.sub(whole, torch.mm(torch.mm(d, torch.t(torch.to(v, 7))), torch.t(torch.to(u, 7))))
            return torch.stack([torch.sum(torch.square(rest)), torch.sum(torch.square(whole))])
          def weighed(self, a: Tensor, b: Tensor, w: Tensor, u: Tensor, v: Tensor) -> Tensor:
            d = torch.sub(torch.to(w, 7), torch.mm(torch.to(u, 7), torch.to(v, 7)))
            lost = torch.sum(torch.mul(torch.mm(torch.mm(b, d), a), d))
            e = torch.to(w, 7)
            return torch.stack([lost, torch.sum(torch.mul(torch.mm(torch.mm(b, e), a), e))])
        """);

    /** 24 tokens leave the moments of 64 and more features singular. */
    @ParameterizedTest
    @ValueSource(ints = {24, 600})
    void theDroppedSquaresAreTheMeasuredErrorOfTheOutput(int tokens) {
        try (LanguageModel original = random(SHAPE);
                Texts texts = texts(tokens)) {
            Decomposition.Result cut = measured(random(SHAPE), uniform(Truncation.Whitened, RANK), texts);
            try (LanguageModel member = cut.model();
                    Tensor x = inputs(original, texts)) {
                for (String name : List.of(BLOCK + "q_proj", BLOCK + "k_proj", BLOCK + "v_proj")) {
                    double[] error = REFERENCE.numbers(
                            "error",
                            Arguments.of()
                                    .tensor(x)
                                    .tensor(original.tensor(name + ".weight"))
                                    .tensor(member.tensor(name + ".u.weight"))
                                    .tensor(member.tensor(name + ".v.weight")));
                    double share = error[0] / error[1];
                    assertThat(cut.errors().get(name)).as(name).isCloseTo(share, within(1e-4 * share));
                }
            }
        }
    }

    @Test
    void aMemberIsCutAsAProductWithWhatItMeasuresNow() {
        ModelShape factored = SHAPE.withRanks(ranks(20));
        try (LanguageModel before = random(factored);
                Texts texts = texts(600)) {
            Decomposition.Result cut = measured(random(factored), uniform(Truncation.Whitened, RANK), texts);
            Decomposition.Result plain = Decomposition.plain(
                    random(factored),
                    new Cut(Truncation.Plain, Allocation.Uniform, Recut.Product, null, 1, 0, ranks(RANK)),
                    done -> {});
            try (LanguageModel member = cut.model();
                    LanguageModel other = plain.model();
                    Tensor x = inputs(before, texts)) {
                for (String name : List.of(BLOCK + "q_proj", BLOCK + "k_proj", BLOCK + "v_proj")) {
                    try (Tensor whole = LanguageModel.script()
                            .tensor(
                                    "multiply",
                                    Arguments.of()
                                            .tensor(before.tensor(name + ".u.weight"))
                                            .tensor(before.tensor(name + ".v.weight")))) {
                        double[] error = REFERENCE.numbers(
                                "error", factors(Arguments.of().tensor(x).tensor(whole), member, name));
                        double[] ofPlain = REFERENCE.numbers(
                                "error", factors(Arguments.of().tensor(x).tensor(whole), other, name));
                        double share = error[0] / error[1];
                        assertThat(cut.errors().get(name)).as(name).isCloseTo(share, within(1e-4 * share));
                        assertThat(error[0]).as(name).isLessThan(ofPlain[0]);
                    }
                }
            }
        }
    }

    /** The keys and values are narrower than their input, so that their moments are those of x and of the gradient itself. */
    @Test
    void aTwoSidedCutAddsLeastToTheLossByTheCurvatureThatIsMeasured() {
        try (LanguageModel original = random(SHAPE);
                Texts texts = texts(600)) {
            List<Tensor> moments = new ArrayList<>();
            Calibration.run(original, texts, Statistic.VALUES_AND_GRADIENTS, done -> {}, block -> {
                if (block.getFirst().linear().startsWith("model.layers.0.")) {
                    moments.add(copy(block.getFirst().inner()));
                    moments.add(copy(block.get(1).outer().orElseThrow()));
                    moments.add(copy(block.get(2).outer().orElseThrow()));
                }
            });
            Decomposition.Result two = measured(random(SHAPE), uniform(Truncation.TwoSided, RANK), texts);
            Decomposition.Result one = measured(random(SHAPE), uniform(Truncation.Whitened, RANK), texts);
            try (LanguageModel member = two.model();
                    LanguageModel other = one.model()) {
                for (int i = 1; i <= 2; i++) {
                    String name = BLOCK + (i == 1 ? "k_proj" : "v_proj");
                    double[] added = weighed(original, moments, i, member, name);
                    double share = added[0] / added[1];
                    assertThat(two.errors().get(name)).as(name).isCloseTo(share, within(1e-4 * share));
                    assertThat(added[0]).as(name).isLessThan(weighed(original, moments, i, other, name)[0]);
                }
            }
            moments.forEach(Tensor::close);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.9, 0.75, 0.6})
    void aGlobalAllocationHitsTheSize(double share) {
        long target = Math.round(share * Parameters.of(SHAPE));
        try (Texts texts = texts(300);
                LanguageModel member =
                        measured(random(SHAPE), global(target), texts).model()) {
            assertThat(member.parameters()).isBetween(target - STEP, target);
            long smaller = Math.round(0.9 * target);
            try (LanguageModel next =
                    measured(copyOf(member), global(smaller), texts).model()) {
                assertThat(next.parameters()).isBetween(smaller - STEP, smaller);
                next.shape()
                        .ranks()
                        .forEach((name, rank) -> assertThat(rank)
                                .isLessThanOrEqualTo(member.shape().ranks().getOrDefault(name, Integer.MAX_VALUE)));
            }
        }
    }

    @Test
    void theSameTextsGiveTheSameCutToTheLastBit() {
        long target = Math.round(0.7 * Parameters.of(SHAPE));
        try (Texts texts = texts(300);
                LanguageModel one =
                        measured(random(SHAPE), global(target), texts).model();
                LanguageModel two =
                        measured(random(SHAPE), global(target), texts).model()) {
            assertThat(one.shape()).isEqualTo(two.shape());
            for (int i = 0; i < one.tensors().size(); i++) {
                assertThat(one.tensors().get(i).toFloats())
                        .isEqualTo(two.tensors().get(i).toFloats());
            }
        }
    }

    @Test
    void aScaledCutOfEqualInputsIsThePlainOne() {
        try (Tensor w = random(SHAPE).tensor(BLOCK + "q_proj.weight");
                Tensor none = LanguageModel.zeros(0);
                Tensor sizes = LanguageModel.doubleZeros(64)) {
            sizes.fill(memory -> memory.copyFrom(MemorySegment.ofArray(
                    DoubleStream.generate(() -> 3).limit(64).toArray())));
            try (Tensor inner = LanguageModel.script()
                            .tensor("scaled_inner", Arguments.of().tensor(none).tensor(sizes));
                    Tensor outer = LanguageModel.script()
                            .tensor("output_error", Arguments.of().tensor(w).integer(64))) {
                List<Tensor> scaled = LanguageModel.script()
                        .tensors(
                                "cut_by_moments",
                                Arguments.of()
                                        .tensor(w)
                                        .tensor(none)
                                        .tensor(inner)
                                        .tensor(outer)
                                        .integer(RANK));
                List<Tensor> plain = LanguageModel.script()
                        .tensors("cut_dense", Arguments.of().tensor(w).integer(RANK));
                assertThat(distance(w, scaled)).isCloseTo(distance(w, plain), within(1e-6 * distance(w, plain)));
            }
        }
    }

    @Test
    void aSizeThatCannotBeReachedIsRefused() {
        try (Texts texts = texts(100)) {
            assertThatThrownBy(() -> measured(random(SHAPE), global(1000), texts))
                    .isInstanceOf(StageException.class)
                    .hasMessageContaining("cut.targetParameters: 1000 is too few");
        }
    }

    private static double distance(Tensor w, List<Tensor> pair) {
        return LanguageModel.script()
                .numbers(
                        "distance", Arguments.of().tensor(w).tensor(pair.get(0)).tensor(pair.get(1)))[0];
    }

    private static double[] weighed(
            LanguageModel original, List<Tensor> moments, int i, LanguageModel member, String name) {
        Arguments arguments = Arguments.of()
                .tensor(moments.getFirst())
                .tensor(moments.get(i))
                .tensor(original.tensor(name + ".weight"));
        return REFERENCE.numbers("weighed", factors(arguments, member, name));
    }

    private static Arguments factors(Arguments first, LanguageModel member, String name) {
        return first.tensor(member.tensor(name + ".u.weight")).tensor(member.tensor(name + ".v.weight"));
    }

    /** What the linears of the first block read. */
    private static Tensor inputs(LanguageModel model, Texts texts) {
        LongStream.Builder found = LongStream.builder();
        for (Tensor batch : texts.batches()) {
            batch.read((offset, bytes) ->
                    LongStream.of(bytes.toArray(ValueLayout.JAVA_LONG)).forEach(found));
        }
        int[][] all = {found.build().mapToInt(Math::toIntExact).toArray()};
        try (Tensor ids = LanguageModel.ids(all)) {
            return REFERENCE.tensor(
                    "inputs",
                    Arguments.of()
                            .tensor(ids)
                            .tensor(model.tensor("model.embed_tokens.weight"))
                            .tensor(model.tensor("model.layers.0.input_layernorm.weight"))
                            .number(model.shape().normEps()));
        }
    }

    private static Tensor copy(Tensor tensor) {
        return LanguageModel.script().tensor("copy", Arguments.of().tensor(tensor));
    }

    private static LanguageModel copyOf(LanguageModel model) {
        return LanguageModel.of(
                model.shape(),
                model.tensors().stream().map(MeasuredCutTest::copy).toList());
    }
}
