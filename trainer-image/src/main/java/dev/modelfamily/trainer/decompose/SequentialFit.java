package dev.modelfamily.trainer.decompose;

import dev.modelfamily.trainer.calibrate.Texts;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Layout;
import dev.modelfamily.trainer.report.Progression;
import dev.modelfamily.trainer.torch.Arguments;
import dev.modelfamily.trainer.torch.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Fits a cut model to the one that it was cut from, block by block from the first: the outer factor {@code U [out, r]} of each
 * factored linear becomes the one that, on what the blocks before it hand over after their own cuts and fits, comes nearest in squares
 * to the output of the whole linear in the input model. The inner factors stay.
 */
final class SequentialFit {
    /** The linears of a block that read nothing of each other's output, by their places, in the order of the computation. */
    private static final List<List<Integer>> TOGETHER =
            List.of(List.of(0, 1, 2), List.of(3), List.of(4, 5), List.of(6));

    private final LanguageModel input;
    private final LanguageModel cut;
    private final Layout whole;
    private final Layout carrying;

    private SequentialFit(LanguageModel input, LanguageModel cut) {
        this.input = input;
        this.cut = cut;
        this.whole = input.layout().tapping(Layout.Tap.INPUT);
        this.carrying = cut.layout().tapping(Layout.Tap.NARROWEST);
    }

    /**
     * Changes {@code cut}.
     *
     * @param input whole: its tensors must not have been closed
     * @param progress in tokens times blocks
     */
    static void run(LanguageModel input, LanguageModel cut, Texts texts, Progression progress) {
        SequentialFit fit = new SequentialFit(input, cut);
        List<Tensor> wanted = texts.embedded(input);
        List<Tensor> own = texts.embedded(cut);
        for (int layer = 0; layer < input.layout().layers(); layer++) {
            fit.block(layer, wanted, own);
            progress.at(texts.tokens() * (layer + 1));
        }
        wanted.forEach(Tensor::close);
        own.forEach(Tensor::close);
    }

    /** Fits a block, and takes both hidden states of each batch behind it. */
    private void block(int layer, List<Tensor> wanted, List<Tensor> own) {
        List<List<Tensor>> read = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            try (Tensor x = wanted.get(i)) {
                List<Tensor> found = LanguageModel.script()
                        .tensors("inputs_of_linears", input.block(Arguments.of().tensor(x), layer, whole, x));
                wanted.set(i, found.getFirst());
                read.add(found.subList(1, found.size()));
            }
        }
        for (List<Integer> group : TOGETHER) {
            List<Sums> sums = group.stream()
                    .filter(place -> cut.shape().ranks().containsKey(name(layer, place)))
                    .map(place -> Sums.of(cut, name(layer, place), place))
                    .toList();
            if (!sums.isEmpty()) {
                for (int i = 0; i < own.size(); i++) {
                    measure(layer, own.get(i), read.get(i), wanted.get(i), sums);
                }
                sums.forEach(this::solve);
            }
        }
        read.forEach(tensors -> tensors.forEach(Tensor::close));
        for (int i = 0; i < own.size(); i++) {
            try (Tensor y = own.get(i)) {
                own.set(i, cut.behind(layer, y));
            }
        }
    }

    private static String name(int layer, int place) {
        return "model.layers." + layer + "." + Layout.LINEARS.get(place);
    }

    /**
     * Of one linear.
     *
     * @param place among the linears of its block
     * @param inner of what it carries between its factors, fp64 {@code [r, r]}
     * @param across of that and its input in the input model, fp64 {@code [r, in]}
     */
    private record Sums(String name, int place, Tensor inner, Tensor across) {
        static Sums of(LanguageModel cut, String name, int place) {
            long[] shape = cut.tensor(name + ".v.weight").shape();
            return new Sums(
                    name,
                    place,
                    LanguageModel.doubleZeros(shape[0], shape[0]),
                    LanguageModel.doubleZeros(shape[0], shape[1]));
        }
    }

    private void measure(int layer, Tensor x, List<Tensor> read, Tensor behind, List<Sums> sums) {
        List<Integer> places = sums.stream().map(Sums::place).toList();
        LanguageModel.script()
                .run(
                        "fit_moments",
                        cut.block(Arguments.of().tensor(x), layer, carrying, x)
                                .integers(
                                        places.stream().map(Integer::longValue).toList())
                                .tensors(places.stream().map(read::get).toList())
                                .tensor(behind)
                                .tensors(sums.stream().map(Sums::inner).toList())
                                .tensors(sums.stream().map(Sums::across).toList()));
    }

    private void solve(Sums sums) {
        boolean factored = input.shape().ranks().containsKey(sums.name());
        try (Tensor none = LanguageModel.zeros(0);
                Tensor inner = sums.inner();
                Tensor across = sums.across()) {
            LanguageModel.script()
                    .run(
                            "fit",
                            Arguments.of()
                                    .tensor(cut.tensor(sums.name() + ".u.weight"))
                                    .tensor(factored ? input.tensor(sums.name() + ".u.weight") : none)
                                    .tensor(input.tensor(sums.name() + (factored ? ".v.weight" : ".weight")))
                                    .tensor(inner)
                                    .tensor(across));
        }
    }
}
