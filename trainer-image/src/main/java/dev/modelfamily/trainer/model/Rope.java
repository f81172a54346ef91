package dev.modelfamily.trainer.model;

import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.ModelShape.RopeScaling;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Rotary position embedding (Su et al. 2021, RoFormer, section 3.2.2), with the frequency-dependent scaling of Llama 3.1. In
 * fp32 step by step like the reference implementation, so that logits agree with it.
 */
final class Rope {
    private final float[] frequencies;

    private Rope(float[] frequencies) {
        this.frequencies = frequencies;
    }

    static Rope of(ModelShape shape) {
        int half = shape.headDim() / 2;
        float[] frequencies = new float[half];
        for (int i = 0; i < half; i++) {
            double exponent = (2.0f * i) / shape.headDim();
            float frequency = (float) (1.0 / Math.pow(shape.ropeTheta(), exponent));
            frequencies[i] = shape.ropeScaling()
                    .map(scaling -> scaled(frequency, scaling))
                    .orElse(frequency);
        }
        return new Rope(frequencies);
    }

    /** Long wavelengths are stretched by the factor, short ones kept, those between interpolated. */
    private static float scaled(float frequency, RopeScaling scaling) {
        double wavelength = 2 * Math.PI / frequency;
        double original = scaling.originalMaxPositions();
        if (wavelength < original / scaling.highFreqFactor()) {
            return frequency;
        }
        if (wavelength > original / scaling.lowFreqFactor()) {
            return (float) (frequency / scaling.factor());
        }
        double smooth = (original / wavelength - scaling.lowFreqFactor())
                / (scaling.highFreqFactor() - scaling.lowFreqFactor());
        return (float) ((1 - smooth) * frequency / scaling.factor() + smooth * frequency);
    }

    /** Writes cos and sin, each {@code [positions, headDim]} fp32, the second half of a row repeating the first. */
    void fill(int positions, MemorySegment cos, MemorySegment sin) {
        int half = frequencies.length;
        for (int position = 0; position < positions; position++) {
            for (int i = 0; i < half; i++) {
                float angle = position * frequencies[i];
                long at = 2L * position * half + i;
                write(cos, at, half, (float) Math.cos(angle));
                write(sin, at, half, (float) Math.sin(angle));
            }
        }
    }

    private static void write(MemorySegment table, long at, int half, float value) {
        table.setAtIndex(ValueLayout.JAVA_FLOAT, at, value);
        table.setAtIndex(ValueLayout.JAVA_FLOAT, at + half, value);
    }
}
