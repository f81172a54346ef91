package dev.modelfamily.trainer.pretrain;

import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Layout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/**
 * Fresh weights: normal with standard deviation 0.02, norms one, biases zero; what writes into the residual stream is scaled
 * by {@code 1 / sqrt(2 layers)} (Radford et al. 2019, section 2.3).
 */
final class Initialization {
    private static final double DEVIATION = 0.02;

    private Initialization() {}

    static LanguageModel of(ModelShape shape, long seed) {
        Random random = new Random(seed);
        return LanguageModel.create(shape, (slot, memory) -> fill(shape, slot, memory, random));
    }

    private static void fill(ModelShape shape, Layout.Slot slot, MemorySegment memory, Random random) {
        boolean residual = slot.name().contains("o_proj") || slot.name().contains("down_proj");
        double deviation = residual ? DEVIATION / Math.sqrt(2.0 * shape.layers()) : DEVIATION;
        boolean norm = slot.name().endsWith("norm.weight");
        for (long i = 0; i < slot.elements(); i++) {
            double value = slot.decayed() ? deviation * random.nextGaussian() : norm ? 1 : 0;
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) value);
        }
    }
}
