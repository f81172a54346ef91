package dev.modelfamily.trainer.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelfamily.contract.Distillation;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Layout;
import dev.modelfamily.trainer.torch.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("torch")
class OptimizerTest {
    private static final ModelShape SHAPE = new ModelShape(
            "llama",
            2,
            32,
            64,
            4,
            2,
            8,
            96,
            64,
            true,
            false,
            false,
            false,
            false,
            0,
            1e-5,
            10_000,
            Optional.empty(),
            new TreeMap<>());

    private static LanguageModel random(ModelShape shape) {
        Random random = new Random(1);
        return LanguageModel.create(shape, (slot, memory) -> fill(slot, memory, random));
    }

    private static void fill(Layout.Slot slot, MemorySegment memory, Random random) {
        for (long i = 0; i < slot.elements(); i++) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, slot.decayed() ? (float) random.nextGaussian() * 0.05f : 1f);
        }
    }

    private static int[][] windows() {
        Random random = new Random(2);
        int[][] windows = new int[4][17];
        for (int[] window : windows) {
            for (int i = 0; i < window.length; i++) {
                window[i] = random.nextInt(96);
            }
        }
        return windows;
    }

    private static Tensor inputs() {
        return LanguageModel.ids(
                Arrays.stream(windows()).map(w -> Arrays.copyOf(w, 16)).toArray(int[][]::new));
    }

    private static Tensor targets() {
        return LanguageModel.ids(
                Arrays.stream(windows()).map(w -> Arrays.copyOfRange(w, 1, 17)).toArray(int[][]::new));
    }

    @Test
    void trainingOnTheSameBatchLowersItsLoss() {
        try (LanguageModel model = random(SHAPE);
                Optimizer optimizer = new Optimizer(model, false)) {
            double before = optimizer.step(inputs(), targets(), 4, 1e-2, 0, 1).loss();
            Optimizer.Step last = new Optimizer.Step(0, 0);
            for (int i = 0; i < 30; i++) {
                last = optimizer.step(inputs(), targets(), 4, 1e-2, 0, 1);
            }
            assertThat(before).isBetween(4.0, 5.5);
            assertThat(last.loss()).isLessThan(before / 2);
        }
    }

    @Test
    void microBatchesGiveTheSameGradients() {
        try (LanguageModel model = random(SHAPE);
                LanguageModel other = random(SHAPE);
                Optimizer whole = new Optimizer(model, false);
                Optimizer parts = new Optimizer(other, false)) {
            Optimizer.Step a = whole.step(inputs(), targets(), 4, 1e-3, 0, 1);
            Optimizer.Step b = parts.step(inputs(), targets(), 1, 1e-3, 0, 1);
            assertThat(b.loss()).isCloseTo(a.loss(), within(1e-5));
            assertThat(b.gradientNorm()).isCloseTo(a.gradientNorm(), within(1e-5));
        }
    }

    @Test
    void theGradientIsTheSlopeOfTheLoss() {
        try (LanguageModel model = random(SHAPE);
                Optimizer optimizer = new Optimizer(model, false)) {
            Tensor weight = model.tensor("model.layers.0.mlp.down_proj.weight");
            float original = weight.toFloats()[7];
            float h = 1e-2f;
            set(weight, 7, original + h);
            double up = model.loss(inputs(), targets());
            set(weight, 7, original - h);
            double down = model.loss(inputs(), targets());
            set(weight, 7, original);
            optimizer.step(inputs(), targets(), 4, 0, 0, 1e9);
            // After one step from zero the first moment is (1 - beta1) times the gradient.
            int at = model.tensors().indexOf(model.tensor("model.layers.0.mlp.down_proj.weight"));
            double gradient = optimizer.first().get(at).toFloats()[7] / 0.1;
            assertThat(gradient).isCloseTo((up - down) / (2 * h) / 64, within(2e-4));
            assertThat(gradient).isNotZero();
        }
    }

    private static void set(Tensor tensor, int index, float value) {
        float[] values = tensor.toFloats();
        values[index] = value;
        tensor.fill(memory -> memory.copyFrom(MemorySegment.ofArray(values)));
    }

    private static LanguageModel other() {
        Random random = new Random(9);
        return LanguageModel.create(SHAPE, (slot, memory) -> fill(slot, memory, random));
    }

    @Test
    void whoIsLikeTheTeacherHasNothingToLearn() {
        try (LanguageModel model = random(SHAPE);
                LanguageModel teacher = random(SHAPE);
                Optimizer optimizer = distilling(model, teacher, Distillation.USUAL)) {
            Optimizer.Step step = optimizer.step(inputs(), targets(), 4, 1e-3, 0, 1);
            assertThat(step.loss()).isCloseTo(0, within(1e-6));
            assertThat(step.gradientNorm()).isLessThan(1e-4);
        }
    }

    @Test
    void theDivergenceIsThatOfTheNextTokensDistributionsAndFalls() {
        try (LanguageModel model = random(SHAPE);
                LanguageModel teacher = other();
                Optimizer optimizer = distilling(model, teacher, Distillation.USUAL)) {
            double expected = divergence(teacher, model);
            double before = optimizer.step(inputs(), targets(), 1, 1e-2, 0, 1).loss();
            assertThat(before).isCloseTo(expected, within(1e-5));
            for (int i = 0; i < 30; i++) {
                optimizer.step(inputs(), targets(), 4, 1e-2, 0, 1);
            }
            assertThat(divergence(teacher, model)).isLessThan(expected / 2);
        }
    }

    @Test
    void theGradientOfTheDivergenceIsItsSlope() {
        String name = "model.layers.0.mlp.down_proj.weight";
        try (LanguageModel model = random(SHAPE);
                LanguageModel teacher = other();
                Optimizer optimizer = distilling(model, teacher, Distillation.USUAL)) {
            Tensor weight = model.tensor(name);
            float original = weight.toFloats()[7];
            float h = 1e-2f;
            set(weight, 7, original + h);
            double up = divergence(teacher, model);
            set(weight, 7, original - h);
            double down = divergence(teacher, model);
            set(weight, 7, original);
            optimizer.step(inputs(), targets(), 2, 0, 0, 1e9);
            int at = model.tensors().indexOf(model.tensor(name));
            double gradient = optimizer.first().get(at).toFloats()[7] / 0.1;
            assertThat(gradient).isCloseTo((up - down) / (2 * h), within(2e-4));
            assertThat(gradient).isNotZero();
        }
    }

    @Test
    void aSoftenedDivergenceAndTheNextTokenAreWeighedAgainstEachOther() {
        Distillation loss = new Distillation(2, 0.25, 0);
        try (LanguageModel model = random(SHAPE);
                LanguageModel teacher = other();
                Optimizer optimizer = distilling(model, teacher, loss)) {
            double expected = weighed(teacher, model, loss);
            assertThat(optimizer.step(inputs(), targets(), 2, 0, 0, 1e9).loss()).isCloseTo(expected, within(1e-5));
        }
    }

    @Test
    void theGradientOfAWeighedLossIsItsSlope() {
        String name = "model.layers.0.mlp.down_proj.weight";
        Distillation loss = new Distillation(2, 0.25, 0);
        try (LanguageModel model = random(SHAPE);
                LanguageModel teacher = other();
                Optimizer optimizer = distilling(model, teacher, loss)) {
            Tensor weight = model.tensor(name);
            float original = weight.toFloats()[7];
            float h = 1e-2f;
            set(weight, 7, original + h);
            double up = weighed(teacher, model, loss);
            set(weight, 7, original - h);
            double down = weighed(teacher, model, loss);
            set(weight, 7, original);
            optimizer.step(inputs(), targets(), 2, 0, 0, 1e9);
            int at = model.tensors().indexOf(model.tensor(name));
            double gradient = optimizer.first().get(at).toFloats()[7] / 0.1;
            assertThat(gradient).isCloseTo((up - down) / (2 * h), within(2e-4));
            assertThat(gradient).isNotZero();
        }
    }

    @Test
    void whoIsLikeTheTeacherHasItsHiddenStates() {
        try (LanguageModel model = random(SHAPE);
                LanguageModel teacher = random(SHAPE);
                Optimizer optimizer = distilling(model, teacher, new Distillation(1, 0, 5))) {
            Optimizer.Step step = optimizer.step(inputs(), targets(), 4, 1e-3, 0, 1);
            assertThat(step.loss()).isCloseTo(0, within(1e-6));
            assertThat(step.gradientNorm()).isLessThan(1e-4);
        }
    }

    /** The embedding has a part in the hidden states behind every block. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.embed_tokens.weight",
                "model.layers.0.mlp.down_proj.weight",
                "model.layers.1.self_attn.v_proj.weight"
            })
    void theGradientOfTheDistanceOfHiddenStatesIsItsSlope(String name) {
        Distillation loss = new Distillation(1, 0.5, 3);
        int place = windows()[0][3] * 32 + 7; // of a token that is read, and of every matrix
        try (LanguageModel model = random(SHAPE);
                LanguageModel teacher = other();
                Optimizer optimizer = distilling(model, teacher, loss)) {
            Tensor weight = model.tensor(name);
            int at = place % Math.toIntExact(weight.elements());
            float original = weight.toFloats()[at];
            float h = 1e-2f;
            set(weight, at, original + h);
            double up = optimizer.step(inputs(), targets(), 2, 0, 0, 1e9).loss();
            set(weight, at, original - h);
            double down = optimizer.step(inputs(), targets(), 2, 0, 0, 1e9).loss();
            set(weight, at, original);
            try (Optimizer fresh = distilling(model, teacher, loss)) {
                fresh.step(inputs(), targets(), 2, 0, 0, 1e9);
                int slot = model.tensors().indexOf(weight);
                double gradient = fresh.first().get(slot).toFloats()[at] / 0.1;
                double slope = (up - down) / (2 * h);
                assertThat(gradient).isCloseTo(slope, within(0.02 * Math.abs(slope) + 2e-4));
                assertThat(gradient).isNotZero();
            }
        }
    }

    /** By its definition: a model without blocks is not there, so of two models that differ in the last block alone. */
    @Test
    void theDistanceOfHiddenStatesIsTheirMeanOverBlocks() {
        try (LanguageModel model = random(SHAPE);
                LanguageModel teacher = random(SHAPE)) {
            Tensor down = model.tensor("model.layers.1.mlp.down_proj.weight");
            set(down, 3, down.toFloats()[3] + 1);
            double plain;
            try (Optimizer without = distilling(model, teacher, Distillation.USUAL)) {
                plain = without.step(inputs(), targets(), 2, 0, 0, 1e9).loss();
            }
            double once;
            try (Optimizer with = distilling(model, teacher, new Distillation(1, 0, 1))) {
                once = with.step(inputs(), targets(), 2, 0, 0, 1e9).loss() - plain;
            }
            try (Optimizer with = distilling(model, teacher, new Distillation(1, 0, 4))) {
                double added = with.step(inputs(), targets(), 4, 0, 0, 1e9).loss() - plain;
                assertThat(added).isPositive().isCloseTo(4 * once, within(1e-3 * added));
            }
        }
    }

    /** What {@link Distillation} says, from the logits and from the model's own cross-entropy. */
    private static double weighed(LanguageModel teacher, LanguageModel model, Distillation loss) {
        double t = loss.temperature();
        double w = loss.crossEntropyWeight();
        return (1 - w) * t * t * divergence(teacher, model, t) + w * model.loss(inputs(), targets()) / 64;
    }

    private static Optimizer distilling(LanguageModel model, LanguageModel teacher, Distillation loss) {
        return new Optimizer(model, false, Optional.of(new Teacher(teacher, loss)));
    }

    /** The mean divergence by its definition, in Java, from the logits of both. */
    private static double divergence(LanguageModel teacher, LanguageModel model) {
        return divergence(teacher, model, 1);
    }

    private static double divergence(LanguageModel teacher, LanguageModel model, double temperature) {
        int[][] ids = Arrays.stream(windows()).map(w -> Arrays.copyOf(w, 16)).toArray(int[][]::new);
        float[] wanted = divided(teacher.logits(ids), temperature);
        float[] found = divided(model.logits(ids), temperature);
        int words = SHAPE.vocabulary();
        double sum = 0;
        for (int row = 0; row < 64; row++) {
            double a = logSum(wanted, row * words, words);
            double b = logSum(found, row * words, words);
            for (int i = row * words; i < (row + 1) * words; i++) {
                sum += Math.exp(wanted[i] - a) * (wanted[i] - a - found[i] + b);
            }
        }
        return sum / 64;
    }

    private static float[] divided(float[] logits, double temperature) {
        for (int i = 0; i < logits.length; i++) {
            logits[i] /= (float) temperature;
        }
        return logits;
    }

    private static double logSum(float[] values, int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += Math.exp(values[i]);
        }
        return Math.log(sum);
    }
}
