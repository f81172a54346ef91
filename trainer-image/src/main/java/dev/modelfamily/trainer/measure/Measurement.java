package dev.modelfamily.trainer.measure;

import dev.modelfamily.api.v1alpha1.Allocation;
import dev.modelfamily.api.v1alpha1.Recut;
import dev.modelfamily.api.v1alpha1.Truncation;
import dev.modelfamily.contract.Cut;
import dev.modelfamily.planner.Linear;
import dev.modelfamily.planner.Linears;
import dev.modelfamily.trainer.calibrate.Texts;
import dev.modelfamily.trainer.decompose.Decomposition;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.recover.Optimizer;
import dev.modelfamily.trainer.report.PeakMemory;
import dev.modelfamily.trainer.torch.Tensor;
import dev.modelfamily.trainer.torch.Torch;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * One figure of this program.
 *
 * @param seconds of the work that was measured, without loading and without the first step
 * @param tokensPerSecond trained, evaluated or calibrated on; 0 for a decomposition
 * @param loss mean cross-entropy of the first step in nats, to show that two programs compute the same; 0 for a decomposition or
 *     cut
 * @param peakBytes the highest resident memory since the model was loaded
 * @param gpuBytes in use on the GPU at the end, by all processes: libtorch keeps what it has had. 0 on a processor
 */
record Measurement(double seconds, double tokensPerSecond, double loss, long peakBytes, long gpuBytes) {
    private static final double LEARNING_RATE = 1e-5;
    private static final double NO_DECAY = 0;
    private static final double CLIP_NORM = 1;
    private static final double KEPT = 0.7;
    private static final int RANK_MULTIPLE = 16;

    /** Optimizer steps of recovery on {@code [batch, length]} tokens, all sequences at once. */
    static Measurement recovery(LanguageModel model, int batch, int length, int steps) {
        PeakMemory.reset();
        try (Tensor inputs = ids(model, batch, length, 0);
                Tensor targets = ids(model, batch, length, 1);
                Optimizer optimizer = new Optimizer(model, false)) {
            double loss = optimizer
                    .step(inputs, targets, batch, LEARNING_RATE, NO_DECAY, CLIP_NORM)
                    .loss();
            long begin = System.nanoTime();
            for (int i = 0; i < steps; i++) {
                optimizer.step(inputs, targets, batch, LEARNING_RATE, NO_DECAY, CLIP_NORM);
            }
            return of(begin, (double) steps * batch * length, loss);
        }
    }

    /** Evaluation of {@code [batch, length]} tokens, so many times. */
    static Measurement evaluation(LanguageModel model, int batch, int length, int steps) {
        PeakMemory.reset();
        try (Tensor inputs = ids(model, batch, length, 0);
                Tensor targets = ids(model, batch, length, 1)) {
            double tokens = (double) batch * length;
            double loss = model.loss(inputs, targets) / tokens;
            long begin = System.nanoTime();
            for (int i = 0; i < steps; i++) {
                model.loss(inputs, targets);
            }
            return of(begin, steps * tokens, loss);
        }
    }

    /** Plain cuts of all linears to half of their break-even ranks; the model is used up. */
    static Measurement decomposition(LanguageModel model) {
        PeakMemory.reset();
        SortedMap<String, Integer> ranks = new TreeMap<>();
        for (Linear linear : Linears.of(model.shape())) {
            ranks.put(linear.name(), linear.breakEven() / 2);
        }
        Cut cut = new Cut(Truncation.Plain, Allocation.Uniform, Recut.SingleFactor, null, 1, 0, ranks);
        long begin = System.nanoTime();
        Decomposition.plain(model, cut, done -> {}).model().close();
        return of(begin, 0, 0);
    }

    /** A cut by the default method to 70 % of all parameters, calibrated on so many batches; the model is used up. */
    static Measurement cut(LanguageModel model, int batch, int length, int steps) {
        PeakMemory.reset();
        List<Tensor> batches = IntStream.range(0, steps)
                .mapToObj(step -> ids(model, batch, length, step))
                .toList();
        long target = Math.round(KEPT * model.parameters());
        Cut cut = new Cut(
                Truncation.TwoSided,
                Allocation.Global,
                Recut.Product,
                null,
                RANK_MULTIPLE,
                target,
                Collections.emptySortedMap());
        try (Texts texts = new Texts(batches, 0)) {
            long begin = System.nanoTime();
            Decomposition.Progressions quiet =
                    new Decomposition.Progressions(done -> {}, () -> done -> {}, () -> done -> {});
            Decomposition.measured(model, cut, texts, quiet).model().close();
            return of(begin, (double) texts.tokens(), 0);
        }
    }

    private static Measurement of(long begin, double tokens, double loss) {
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Measurement(
                seconds,
                tokens / seconds,
                loss,
                PeakMemory.bytes(),
                Torch.gpuMemoryInUse().orElse(0));
    }

    /** Token ids that any program makes alike: a line of the multiples of a prime, modulo the vocabulary. */
    private static Tensor ids(LanguageModel model, int batch, int length, int shift) {
        Tensor tensor = LanguageModel.ids(batch, length);
        tensor.fill(memory -> {
            for (long row = 0; row < batch; row++) {
                for (long column = 0; column < length; column++) {
                    long place = row * (length + 1) + column + shift;
                    memory.setAtIndex(
                            ValueLayout.JAVA_LONG,
                            row * length + column,
                            place * 7919 % model.shape().vocabulary());
                }
            }
        });
        return tensor;
    }
}
