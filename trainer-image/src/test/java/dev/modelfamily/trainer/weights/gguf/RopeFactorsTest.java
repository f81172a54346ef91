package dev.modelfamily.trainer.weights.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.planner.ModelShape.RopeScaling;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RopeFactorsTest {
    private static final int HEAD_DIM = 64;
    private static final double THETA = 500_000;

    private static float[] factors(RopeScaling scaling) {
        float[] factors = new float[HEAD_DIM / 2];
        for (int i = 0; i < factors.length; i++) {
            double frequency = 1 / Math.pow(THETA, 2.0 * i / HEAD_DIM);
            factors[i] = (float) RopeFactors.factor(2 * Math.PI / frequency, scaling);
        }
        return factors;
    }

    @ParameterizedTest
    @CsvSource({"8, 4, 8192", "32, 4, 8192", "2, 4, 2048", "4, 8, 32768"})
    void theParametersThatMadeTheFactorsAreFound(double factor, double high, int original) {
        RopeScaling scaling = new RopeScaling(factor, 1, high, original);
        assertThat(RopeFactors.scaling(factors(scaling), HEAD_DIM, THETA)).contains(Optional.of(scaling));
    }

    @Test
    void factorsOfOneAreNoScaling() {
        float[] ones = factors(new RopeScaling(1, 1, 4, 8192));
        assertThat(RopeFactors.scaling(ones, HEAD_DIM, THETA)).contains(Optional.empty());
    }

    @Test
    void otherFactorsAreNotGuessed() {
        float[] factors = factors(new RopeScaling(8, 1, 4, 8192));
        factors[3] = 5;
        assertThat(RopeFactors.scaling(factors, HEAD_DIM, THETA)).isEmpty();
        assertThat(RopeFactors.scaling(new float[3], HEAD_DIM, THETA)).isEmpty();
    }
}
