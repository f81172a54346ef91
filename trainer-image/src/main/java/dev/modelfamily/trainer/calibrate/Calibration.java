package dev.modelfamily.trainer.calibrate;

import dev.modelfamily.planner.Linear;
import dev.modelfamily.planner.Linears;
import dev.modelfamily.trainer.model.Draws;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Layout;
import dev.modelfamily.trainer.report.Progression;
import dev.modelfamily.trainer.torch.Arguments;
import dev.modelfamily.trainer.torch.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Measures all linears of a model, block by block. In memory are the moments of one block and, for all tokens, the input of each
 * block that is still to come: never the moments of the whole model.
 */
public final class Calibration {
    private final LanguageModel model;
    private final Texts texts;
    private final Statistic statistic;
    private final Layout layout;

    private Calibration(LanguageModel model, Texts texts, Statistic statistic) {
        this.model = model;
        this.texts = texts;
        this.statistic = statistic;
        this.layout = model.layout()
                .tapping(
                        switch (statistic) {
                            case INPUT_SIZES -> Layout.Tap.INPUT;
                            case VALUES, VALUES_AND_GRADIENTS -> Layout.Tap.NARROWEST;
                        });
    }

    /**
     * Measures and hands over each block's linears in the order of the layout, gradients from the last block to the first. The
     * tensors are closed after the call. Blocks before the one that is handed over are not read any more where
     * they come first, so the caller may replace what it has seen.
     *
     * @param progress in tokens times blocks, of the pass that goes forward through the model
     */
    public static void run(
            LanguageModel model,
            Texts texts,
            Statistic statistic,
            Progression progress,
            Consumer<List<Moments>> block) {
        Calibration calibration = new Calibration(model, texts, statistic);
        switch (statistic) {
            case INPUT_SIZES, VALUES -> calibration.forward(progress, block);
            case VALUES_AND_GRADIENTS -> calibration.backward(progress, block);
        }
    }

    private void forward(Progression progress, Consumer<List<Moments>> block) {
        List<Tensor> hidden = texts.embedded(model);
        long done = 0;
        for (int layer = 0; layer < layout.layers(); layer++) {
            try (Accumulated sums = new Accumulated(layer)) {
                for (int i = 0; i < hidden.size(); i++) {
                    hidden.set(i, forward(layer, hidden.get(i), sums));
                    done += texts.batches().get(i).elements();
                    progress.at(done);
                }
                block.accept(sums.moments());
            }
        }
        hidden.forEach(Tensor::close);
    }

    private void backward(Progression progress, Consumer<List<Moments>> block) {
        List<Deque<Tensor>> inputs = new ArrayList<>();
        List<Tensor> gradients = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(texts.seed());
        long done = 0;
        for (Tensor x : texts.embedded(model)) {
            Deque<Tensor> kept = new ArrayDeque<>();
            Tensor at = x;
            for (int layer = 0; layer < layout.layers(); layer++) {
                kept.push(at);
                at = model.behind(layer, at);
                done += at.shape()[0] * at.shape()[1];
                progress.at(done);
            }
            inputs.add(kept);
            gradients.add(sampledGradient(at, random));
            at.close();
        }
        for (int layer = layout.layers() - 1; layer >= 0; layer--) {
            try (Accumulated sums = new Accumulated(layer)) {
                for (int i = 0; i < gradients.size(); i++) {
                    try (Tensor x = inputs.get(i).pop();
                            Tensor g = gradients.get(i)) {
                        gradients.set(i, back(layer, x, g, sums));
                    }
                }
                block.accept(sums.moments());
            }
        }
        gradients.forEach(Tensor::close);
    }

    /** The next hidden state; {@code x} is closed. */
    private Tensor forward(int layer, Tensor x, Accumulated sums) {
        try (x) {
            Arguments arguments = model.block(Arguments.of().tensor(x), layer, layout, x);
            return LanguageModel.script()
                    .tensor("forward_moments", arguments.tensors(sums.inner).integers(sums.fresh));
        }
    }

    private Tensor back(int layer, Tensor x, Tensor g, Accumulated sums) {
        Arguments arguments = model.block(Arguments.of().tensor(x).tensor(g), layer, layout, x);
        return LanguageModel.script()
                .tensor(
                        "backward_moments",
                        arguments.tensors(sums.inner).tensors(sums.outer).integers(sums.fresh));
    }

    private Tensor sampledGradient(Tensor x, SplittableRandom random) {
        long rows = x.shape()[0] * x.shape()[1];
        try (Tensor draws = Draws.of(random, rows)) {
            return LanguageModel.script()
                    .tensor(
                            "sampled_gradient",
                            Arguments.of()
                                    .tensor(x)
                                    .tensor(draws)
                                    .tensors(model.tensors())
                                    .integers(layout.dims())
                                    .number(model.shape().normEps())
                                    .integer(model.chunk()));
        }
    }

    /** The sums of one block while they grow. */
    private final class Accumulated implements AutoCloseable {
        private final List<String> names = new ArrayList<>();
        private final List<Tensor> inner = new ArrayList<>();
        private final List<Tensor> outer = new ArrayList<>();
        private final List<Long> fresh = new ArrayList<>();

        Accumulated(int layer) {
            String prefix = "model.layers." + layer + ".";
            Map<String, Tensor> shared = new HashMap<>();
            for (Linear linear : Linears.of(model.shape())) {
                if (linear.name().startsWith(prefix)) {
                    add(linear, shared);
                }
            }
        }

        private void add(Linear linear, Map<String, Tensor> shared) {
            String source = source(linear);
            names.add(linear.name());
            fresh.add(shared.containsKey(source) ? 0L : 1L);
            inner.add(shared.computeIfAbsent(source, _ -> sums(linear)));
            if (statistic == Statistic.VALUES_AND_GRADIENTS) {
                int k = narrowest(linear);
                outer.add(LanguageModel.doubleZeros(k, k));
            }
        }

        /** Linears with the same source carry the same values. */
        private String source(Linear linear) {
            boolean ofInput = statistic == Statistic.INPUT_SIZES
                    || (!model.shape().ranks().containsKey(linear.name()) && linear.in() <= linear.out());
            String kind = linear.name().substring(linear.name().lastIndexOf('.') + 1);
            return switch (kind) {
                case "q_proj", "k_proj", "v_proj" -> ofInput ? "attention" : kind;
                case "gate_proj", "up_proj" -> ofInput ? "mlp" : kind;
                default -> kind;
            };
        }

        private Tensor sums(Linear linear) {
            if (statistic == Statistic.INPUT_SIZES) {
                return LanguageModel.doubleZeros(linear.in());
            }
            int k = narrowest(linear);
            return LanguageModel.doubleZeros(k, k);
        }

        private int narrowest(Linear linear) {
            return model.shape().ranks().getOrDefault(linear.name(), Math.min(linear.in(), linear.out()));
        }

        List<Moments> moments() {
            List<Moments> all = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                all.add(new Moments(
                        names.get(i), inner.get(i), outer.isEmpty() ? Optional.empty() : Optional.of(outer.get(i))));
            }
            return Collections.unmodifiableList(all);
        }

        @Override
        public void close() {
            for (int i = 0; i < inner.size(); i++) {
                if (fresh.get(i) != 0) {
                    inner.get(i).close();
                }
            }
            outer.forEach(Tensor::close);
        }
    }
}
