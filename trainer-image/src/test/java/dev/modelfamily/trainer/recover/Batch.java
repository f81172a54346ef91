package dev.modelfamily.trainer.recover;

import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.Shapes;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Layout;
import dev.modelfamily.trainer.torch.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;

/** A random model of two blocks, and 64 tokens to train it on. */
final class Batch {
    static final ModelShape SHAPE = Shapes.llama(2, 32, 64, 4, 2, 8, 96, true);

    private Batch() {}

    static LanguageModel random() {
        return random(1);
    }

    static LanguageModel random(long seed) {
        Random random = new Random(seed);
        return LanguageModel.create(SHAPE, (slot, memory) -> fill(slot, memory, random));
    }

    private static void fill(Layout.Slot slot, MemorySegment memory, Random random) {
        for (long i = 0; i < slot.elements(); i++) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, slot.decayed() ? (float) random.nextGaussian() * 0.05f : 1f);
        }
    }

    static int[][] windows() {
        Random random = new Random(2);
        int[][] windows = new int[4][17];
        for (int[] window : windows) {
            for (int i = 0; i < window.length; i++) {
                window[i] = random.nextInt(96);
            }
        }
        return windows;
    }

    /** What is read of each window: all but its last token. */
    static int[][] read() {
        return Arrays.stream(windows()).map(w -> Arrays.copyOf(w, 16)).toArray(int[][]::new);
    }

    static Tensor inputs() {
        return LanguageModel.ids(read());
    }

    static Tensor targets() {
        return LanguageModel.ids(
                Arrays.stream(windows()).map(w -> Arrays.copyOfRange(w, 1, 17)).toArray(int[][]::new));
    }

    static void set(Tensor tensor, int index, float value) {
        float[] values = tensor.toFloats();
        values[index] = value;
        tensor.fill(memory -> memory.copyFrom(MemorySegment.ofArray(values)));
    }
}
