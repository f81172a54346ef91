package dev.modelfamily.trainer.recover;

import static dev.modelfamily.trainer.recover.Batch.SHAPE;
import static dev.modelfamily.trainer.recover.Batch.inputs;
import static dev.modelfamily.trainer.recover.Batch.random;
import static dev.modelfamily.trainer.recover.Batch.read;
import static dev.modelfamily.trainer.recover.Batch.set;
import static dev.modelfamily.trainer.recover.Batch.targets;
import static dev.modelfamily.trainer.recover.Batch.windows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelfamily.contract.Distillation;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.torch.Tensor;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("torch")
class DistillationTest {
    @Test
    void whoIsLikeTheTeacherHasNothingToLearn() {
        try (LanguageModel model = random();
                LanguageModel teacher = random();
                Optimizer optimizer = distilling(model, teacher, Distillation.USUAL)) {
            Optimizer.Step step = optimizer.step(inputs(), targets(), 4, 1e-3, 0, 1);
            assertThat(step.loss()).isCloseTo(0, within(1e-6));
            assertThat(step.gradientNorm()).isLessThan(1e-4);
        }
    }

    @Test
    void theDivergenceIsThatOfTheNextTokensDistributionsAndFalls() {
        try (LanguageModel model = random();
                LanguageModel teacher = random(9);
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
        gradientIsSlope(Distillation.USUAL);
    }

    @Test
    void aSoftenedDivergenceAndTheNextTokenAreWeighedAgainstEachOther() {
        Distillation loss = new Distillation(2, 0.25, 0);
        try (LanguageModel model = random();
                LanguageModel teacher = random(9);
                Optimizer optimizer = distilling(model, teacher, loss)) {
            double expected = weighed(teacher, model, loss);
            assertThat(optimizer.step(inputs(), targets(), 2, 0, 0, 1e9).loss()).isCloseTo(expected, within(1e-5));
        }
    }

    @Test
    void theGradientOfAWeighedLossIsItsSlope() {
        gradientIsSlope(new Distillation(2, 0.25, 0));
    }

    private static void gradientIsSlope(Distillation loss) {
        try (LanguageModel model = random();
                LanguageModel teacher = random(9);
                Optimizer optimizer = distilling(model, teacher, loss)) {
            Tensor weight = model.tensor("model.layers.0.mlp.down_proj.weight");
            float original = weight.toFloats()[7];
            float h = 1e-2f;
            set(weight, 7, original + h);
            double up = weighed(teacher, model, loss);
            set(weight, 7, original - h);
            double down = weighed(teacher, model, loss);
            set(weight, 7, original);
            optimizer.step(inputs(), targets(), 2, 0, 0, 1e9);
            double gradient =
                    optimizer.first().get(model.tensors().indexOf(weight)).toFloats()[7] / 0.1;
            assertThat(gradient).isCloseTo((up - down) / (2 * h), within(2e-4));
            assertThat(gradient).isNotZero();
        }
    }

    @Test
    void whoIsLikeTheTeacherHasItsHiddenStates() {
        try (LanguageModel model = random();
                LanguageModel teacher = random();
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
        try (LanguageModel model = random();
                LanguageModel teacher = random(9);
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

    @Test
    void theDistanceOfHiddenStatesIsTheirMeanOverBlocksAndTokens() {
        try (LanguageModel model = random();
                LanguageModel teacher = random(9);
                Optimizer without = distilling(model, teacher, Distillation.USUAL);
                Optimizer with = distilling(model, teacher, new Distillation(1, 0, 4))) {
            double plain = without.step(inputs(), targets(), 2, 0, 0, 1e9).loss();
            double added = with.step(inputs(), targets(), 4, 0, 0, 1e9).loss() - plain;
            double expected = 4 * distance(model, teacher);
            assertThat(added).isPositive().isCloseTo(expected, within(1e-4 * expected));
        }
    }

    /** By its definition, in Java. */
    private static double distance(LanguageModel model, LanguageModel teacher) {
        double sum = 0;
        Tensor x = model.embedded(inputs());
        Tensor t = teacher.embedded(inputs());
        for (int layer = 0; layer < 2; layer++) {
            x = model.behind(layer, x);
            t = teacher.behind(layer, t);
            float[] ours = x.toFloats();
            float[] theirs = t.toFloats();
            for (int token = 0; token < 64; token++) {
                double apart = 0;
                double size = 0;
                for (int i = 32 * token; i < 32 * (token + 1); i++) {
                    apart += Math.pow((double) ours[i] - theirs[i], 2);
                    size += Math.pow(theirs[i], 2);
                }
                sum += apart / size;
            }
        }
        return sum / (2 * 64);
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
        float[] wanted = divided(teacher.logits(read()), temperature);
        float[] found = divided(model.logits(read()), temperature);
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
