package dev.modelfamily.trainer.model;

import dev.modelfamily.trainer.torch.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** Numbers that the trainer draws itself: those of libtorch are others on each device. */
public final class Draws {
    /** A draw has so many bits, as fp32 holds them exactly. */
    private static final int BITS = 24;

    private Draws() {}

    /** A number in [0, 1). */
    public static float next(SplittableRandom random) {
        return random.nextInt(1 << BITS) * 0x1p-24f;
    }

    /** Numbers in [0, 1) of the shape, fp32, drawn row by row. */
    public static Tensor of(SplittableRandom random, long... dimensions) {
        Tensor draws = LanguageModel.zeros(dimensions);
        draws.fill(memory -> {
            for (long at = 0; at < draws.elements(); at++) {
                memory.setAtIndex(ValueLayout.JAVA_FLOAT, at, next(random));
            }
        });
        return draws;
    }
}
