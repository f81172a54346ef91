package dev.modelfamily.trainer.weights.gguf;

import dev.modelfamily.planner.ModelShape.RopeScaling;
import java.util.Optional;

/**
 * From the divisors of the rotary frequencies that llama.cpp stores for Llama 3.1 back to the parameters that they were made
 * from. Factors say only the ratios of the original context to the bounds, so the lower bound is taken as 1, as it is in
 * all released models.
 */
final class RopeFactors {
    private static final double TOLERANCE = 1e-4;
    private static final double LOW = 1;

    private RopeFactors() {}

    /**
     * The scaling that gives these factors: empty inside where all are 1 (no scaling), empty outside where there is none.
     *
     * @param factors {@code [headDim / 2]}
     */
    static Optional<Optional<RopeScaling>> scaling(float[] factors, long headDim, double theta) {
        double largest = 1;
        for (float factor : factors) {
            largest = Math.max(largest, factor);
        }
        if (factors.length != headDim / 2) {
            return Optional.empty();
        }
        if (matches(factors, headDim, theta, new RopeScaling(1, LOW, 4, 8_192))) {
            return Optional.of(Optional.empty());
        }
        for (double high : new double[] {4, 2, 8, 16}) {
            for (int original = 1_024; original <= 1 << 20; original *= 2) {
                RopeScaling scaling = new RopeScaling(rounded(largest), LOW, high, original);
                if (matches(factors, headDim, theta, scaling)) {
                    return Optional.of(Optional.of(scaling));
                }
            }
        }
        return Optional.empty();
    }

    private static double rounded(double factor) {
        return Math.abs(factor - Math.rint(factor)) < TOLERANCE ? Math.rint(factor) : factor;
    }

    private static boolean matches(float[] factors, long headDim, double theta, RopeScaling scaling) {
        for (int i = 0; i < factors.length; i++) {
            double wavelength = 2 * Math.PI * Math.pow(theta, 2.0 * i / headDim);
            double expected = factor(wavelength, scaling);
            if (!(Math.abs(factors[i] - expected) <= TOLERANCE * expected)) {
                return false;
            }
        }
        return true;
    }

    /** What a frequency of that wavelength is divided by; the smoothing of Llama 3.1. */
    static double factor(double wavelength, RopeScaling scaling) {
        double turns = scaling.originalMaxPositions() / wavelength;
        if (turns > scaling.highFreqFactor()) {
            return 1;
        }
        if (turns < scaling.lowFreqFactor()) {
            return scaling.factor();
        }
        double smooth = (turns - scaling.lowFreqFactor()) / (scaling.highFreqFactor() - scaling.lowFreqFactor());
        return 1 / ((1 - smooth) / scaling.factor() + smooth);
    }
}
