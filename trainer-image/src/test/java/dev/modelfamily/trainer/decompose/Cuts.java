package dev.modelfamily.trainer.decompose;

import dev.modelfamily.api.v1alpha1.Allocation;
import dev.modelfamily.api.v1alpha1.Fit;
import dev.modelfamily.api.v1alpha1.Recut;
import dev.modelfamily.api.v1alpha1.Truncation;
import dev.modelfamily.contract.Cut;
import dev.modelfamily.planner.Linears;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.Shapes;
import dev.modelfamily.trainer.calibrate.Texts;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.torch.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** A small random model, random texts, and cuts of it. */
final class Cuts {
    static final ModelShape SHAPE = Shapes.tiny();

    private Cuts() {}

    static Cut fitted(Cut cut) {
        return new Cut(
                cut.truncation(),
                cut.allocation(),
                cut.recut(),
                Fit.Sequential,
                cut.rankMultiple(),
                cut.targetParameters(),
                cut.ranks());
    }

    static Decomposition.Result measured(LanguageModel model, Cut cut, Texts texts) {
        return Decomposition.measured(
                model, cut, texts, new Decomposition.Progressions(done -> {}, () -> done -> {}, () -> done -> {}));
    }

    static Cut uniform(Truncation truncation, int rank) {
        return new Cut(truncation, Allocation.Uniform, Recut.Product, null, 1, 0, ranks(rank));
    }

    static Cut global(long target) {
        return new Cut(Truncation.TwoSided, Allocation.Global, Recut.Product, null, 1, target, new TreeMap<>());
    }

    static SortedMap<String, Integer> ranks(int rank) {
        SortedMap<String, Integer> ranks = new TreeMap<>();
        Linears.of(SHAPE).forEach(linear -> ranks.put(linear.name(), rank));
        return ranks;
    }

    static Texts texts(int tokens) {
        List<Tensor> batches = rows(tokens).stream()
                .map(row -> LanguageModel.ids(new int[][] {row}))
                .toList();
        return new Texts(batches, 5);
    }

    /** The texts as token ids. */
    static List<int[]> rows(int tokens) {
        Random random = new Random(3);
        List<int[]> rows = new ArrayList<>();
        for (int at = 0; at < tokens; at += 150) {
            rows.add(random.ints(Math.min(150, tokens - at), 0, SHAPE.vocabulary())
                    .toArray());
        }
        return rows;
    }

    static LanguageModel random(ModelShape shape) {
        Random random = new Random(1);
        return LanguageModel.create(shape, (slot, memory) -> {
            for (long i = 0; i < slot.elements(); i++) {
                double value = slot.decayed() ? 0.1 * random.nextGaussian() : 1 + 0.1 * random.nextGaussian();
                memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) value);
            }
        });
    }
}
