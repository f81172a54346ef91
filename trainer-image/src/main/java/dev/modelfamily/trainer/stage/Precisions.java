package dev.modelfamily.trainer.stage;

import dev.modelfamily.api.v1alpha1.Precision;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.torch.Arguments;
import dev.modelfamily.trainer.torch.Tensor;
import java.util.Arrays;

/**
 * In what the linears compute while training. A choice by measurement is made once a stage and kept with its first checkpoint;
 * the member depends on it, so on two kinds of machines {@link Precision#Auto} may give two different members for one key.
 * Whoever needs the same bytes everywhere asks for {@link Precision#Float32}.
 */
final class Precisions {
    private static final long FLOAT32 = 6;
    private static final long BFLOAT16 = 15;

    /** Rows and columns of the trial product. */
    private static final int SIZE = 1024;

    private static final int TRIALS = 9;

    /**
     * How much faster bf16 must be. Far from what is seen: hardware with matrix units for it is four times as fast and more, other
     * hardware slower or less than twice as fast; so noise does not decide.
     */
    private static final double GAIN = 2.5;

    private Precisions() {}

    static boolean isBFloat16(Precision asked) {
        return switch (asked) {
            case Float32 -> false;
            case BFloat16 -> true;
            case Auto -> isFasterInBFloat16();
        };
    }

    /** By the median of several trials, each of both kinds one after the other: what disturbs one disturbs both. */
    private static boolean isFasterInBFloat16() {
        try (Tensor x = LanguageModel.zeros(SIZE, SIZE);
                Tensor weight = LanguageModel.zeros(SIZE, SIZE)) {
            double[] gains = new double[TRIALS];
            for (int i = 0; i < TRIALS; i++) {
                gains[i] = nanos(x, weight, FLOAT32) / nanos(x, weight, BFLOAT16);
            }
            Arrays.sort(gains);
            return gains[TRIALS / 2] > GAIN;
        }
    }

    /** The time of a square product, conversions included. */
    private static double nanos(Tensor x, Tensor weight, long type) {
        long before = System.nanoTime();
        LanguageModel.script()
                .tensor("product", Arguments.of().tensor(x).tensor(weight).integer(type))
                .close();
        return (double) (System.nanoTime() - before);
    }
}
