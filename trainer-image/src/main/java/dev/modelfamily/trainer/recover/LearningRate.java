package dev.modelfamily.trainer.recover;

import dev.modelfamily.api.v1alpha1.Schedule;

/**
 * The learning rate by step: linear warm-up from zero, then a course down to a tenth of the peak (cosine: Loshchilov and
 * Hutter 2017, eq. 5).
 *
 * @param peak reached at the end of the warm-up
 * @param warmupShare of the steps, 0 to 1
 * @param steps of the whole stage
 */
record LearningRate(Schedule schedule, double peak, double warmupShare, long steps) {
    private static final double FLOOR = 0.1;

    /** The rate of a step, counted from 0. */
    double at(long step) {
        double warmup = Math.max(1, Math.ceil(warmupShare * steps));
        if (step + 1 < warmup) {
            return peak * (step + 1) / warmup;
        }
        double done = Math.clamp((step + 1 - warmup) / Math.max(1, steps - warmup), 0, 1);
        return switch (schedule) {
            case Constant -> peak;
            case Linear -> peak * (1 - (1 - FLOOR) * done);
            case Cosine -> peak * (FLOOR + (1 - FLOOR) * (1 + Math.cos(Math.PI * done)) / 2);
        };
    }
}
