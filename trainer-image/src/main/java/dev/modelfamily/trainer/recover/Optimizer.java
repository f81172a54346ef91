package dev.modelfamily.trainer.recover;

import dev.modelfamily.contract.Distillation;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Layout;
import dev.modelfamily.trainer.torch.Arguments;
import dev.modelfamily.trainer.torch.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** AdamW over all tensors of a model, one script call a step (Loshchilov and Hutter 2019, algorithm 2). */
public final class Optimizer implements AutoCloseable {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.95;
    private static final double EPSILON = 1e-8;

    private final LanguageModel model;
    private final Optional<Teacher> teacher;
    private final boolean bfloat16;
    private final Layout layout;
    private final List<Tensor> gradients;
    private final List<Tensor> first;
    private final List<Tensor> second;
    private final Tensor count;

    /**
     * What one step saw.
     *
     * @param loss mean of the step's tokens in nats, before the step: cross-entropy, or as {@link Distillation} has it
     * @param gradientNorm global norm before clipping; not finite where the step was left out
     */
    public record Step(double loss, double gradientNorm) {}

    /**
     * An optimizer at its first step; it marks the tensors of the model as parameters.
     *
     * @param bfloat16 whether linears compute in bf16, on weights that stay fp32
     */
    public Optimizer(LanguageModel model, boolean bfloat16) {
        this(model, bfloat16, Optional.empty());
    }

    /**
     * An optimizer at its first step; it marks the tensors of the model as parameters.
     *
     * @param bfloat16 whether linears compute in bf16, on weights that stay fp32
     * @param teacher the model whose predictions are learnt; where there is none, the next token
     */
    public Optimizer(LanguageModel model, boolean bfloat16, Optional<Teacher> teacher) {
        this.model = model;
        this.teacher = teacher;
        this.bfloat16 = bfloat16;
        this.layout = layout(model);
        LanguageModel.script().run("train", Arguments.of().tensors(model.tensors()));
        this.gradients = zerosLike(layout);
        this.first = zerosLike(layout);
        this.second = zerosLike(layout);
        this.count = LanguageModel.zeros();
    }

    private Layout layout(LanguageModel of) {
        return bfloat16 ? of.layout().inBFloat16() : of.layout();
    }

    private static List<Tensor> zerosLike(Layout layout) {
        return layout.slots().stream()
                .map(slot -> LanguageModel.zeros(slot.shape()))
                .toList();
    }

    /** First moments, in the order of the layout. */
    List<Tensor> first() {
        return first;
    }

    /** Second moments, in the order of the layout. */
    List<Tensor> second() {
        return second;
    }

    /** The number of steps so far, fp32 {@code []}. */
    Tensor count() {
        return count;
    }

    /**
     * One step.
     *
     * @param inputs token ids {@code [batch, seq]}
     * @param targets the token after each, {@code [batch, seq]}
     * @param micro how many sequences are computed at once
     */
    public Step step(
            Tensor inputs, Tensor targets, int micro, double learningRate, double weightDecay, double clipNorm) {
        int length = Math.toIntExact(inputs.shape()[1]);
        Distillation loss = teacher.map(Teacher::loss).orElse(Distillation.USUAL);
        Arguments arguments = Arguments.of()
                .tensor(inputs)
                .tensor(targets)
                .integer(micro)
                .tensors(model.tensors())
                .tensors(gradients);
        group(arguments, true);
        group(arguments, false);
        arguments
                .numbers(
                        learningRate,
                        BETA1,
                        BETA2,
                        EPSILON,
                        weightDecay,
                        clipNorm,
                        loss.temperature(),
                        loss.crossEntropyWeight(),
                        loss.hiddenStateWeight())
                .integers(layout.spec())
                .integers(layout.starts())
                .integers(layout.dims())
                .number(model.shape().normEps())
                .tensor(model.cos(length))
                .tensor(model.sin(length))
                .integer(teacher.isPresent() ? Math.max(1, model.chunk() / 2) : model.chunk());
        teacher(arguments, length);
        double[] seen = LanguageModel.script().numbers("step", arguments);
        return new Step(seen[0], seen[1]);
    }

    private void teacher(Arguments arguments, int length) {
        if (teacher.isEmpty()) {
            arguments
                    .tensors(List.of())
                    .integers()
                    .integers()
                    .number(0)
                    .tensor(count)
                    .tensor(count);
            return;
        }
        LanguageModel other = teacher.get().model();
        arguments
                .tensors(other.tensors())
                .integers(layout(other).spec())
                .integers(layout(other).dims())
                .number(other.shape().normEps())
                .tensor(other.cos(length))
                .tensor(other.sin(length));
    }

    /** The tensors with, or those without, weight decay: parameters, gradients, moments, and the counter for each. */
    private void group(Arguments arguments, boolean decayed) {
        for (List<Tensor> all : List.of(model.tensors(), gradients, first, second)) {
            arguments.tensors(IntStream.range(0, all.size())
                    .filter(i -> layout.slots().get(i).decayed() == decayed)
                    .mapToObj(all::get)
                    .toList());
        }
        long size = layout.slots().stream()
                .filter(slot -> slot.decayed() == decayed)
                .count();
        arguments.tensors(Collections.nCopies(Math.toIntExact(size), count));
    }

    @Override
    public void close() {
        gradients.forEach(Tensor::close);
        first.forEach(Tensor::close);
        second.forEach(Tensor::close);
        count.close();
    }
}
