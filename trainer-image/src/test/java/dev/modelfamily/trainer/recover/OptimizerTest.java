package dev.modelfamily.trainer.recover;

import static dev.modelfamily.trainer.recover.Batch.inputs;
import static dev.modelfamily.trainer.recover.Batch.random;
import static dev.modelfamily.trainer.recover.Batch.set;
import static dev.modelfamily.trainer.recover.Batch.targets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.torch.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("torch")
class OptimizerTest {
    @Test
    void trainingOnTheSameBatchLowersItsLoss() {
        try (LanguageModel model = random();
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
        try (LanguageModel model = random();
                LanguageModel other = random();
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
        try (LanguageModel model = random();
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
}
