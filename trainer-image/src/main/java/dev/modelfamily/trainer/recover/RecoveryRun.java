package dev.modelfamily.trainer.recover;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Recovery;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.data.PackedBatches;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.report.Reporter;
import dev.modelfamily.trainer.torch.Tensor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * The training loop of a stage: one script call a step, a checkpoint every few minutes and when asked to stop. Resumed from any
 * checkpoint it takes the same steps to the last bit: its whole state is tensors, the step and the position in the data.
 */
public final class RecoveryRun implements AutoCloseable {
    /** About so many tokens are computed at once; the rest of a batch follows, its gradients added up. */
    private static final int TOKENS_AT_ONCE = 2048;

    private final LanguageModel model;
    private final Optimizer optimizer;
    private final Recovery order;
    private final PackedBatches batches;
    private final Checkpoints checkpoints;
    private final Course course;
    private final Milestones milestones;
    private final DoubleSupplier seconds;
    private CheckpointState state;
    private long writtenStep = -1;

    /**
     * A run at its start, or at a checkpoint when {@code found} is given: then the tensors of the model are read from it.
     *
     * @param teacher the model whose predictions are learnt; where there is none, the next token
     * @param start the state before the first step, with {@code step} 0
     * @param seconds of wall-clock time that this run and what came before it took, without earlier attempts
     */
    public RecoveryRun(
            LanguageModel model,
            Optional<LanguageModel> teacher,
            Recovery order,
            PackedBatches batches,
            Checkpoints checkpoints,
            Course course,
            Milestones milestones,
            CheckpointState start,
            Optional<Checkpoints.Found> found,
            DoubleSupplier seconds) {
        this.model = model;
        this.order = order;
        this.batches = batches;
        this.checkpoints = checkpoints;
        this.course = course;
        this.milestones = milestones;
        this.state = found.map(Checkpoints.Found::state).orElse(start);
        double before = state.seconds();
        this.seconds = () -> before + seconds.getAsDouble();
        refuseTooLittle();
        this.optimizer = new Optimizer(
                model,
                state.bfloat16(),
                teacher.flatMap(other -> order.distilling().map(loss -> new Teacher(other, loss))));
        found.ifPresent(checkpoint -> Checkpoints.read(checkpoint, tensors()));
        batches.seek(state.position());
        course.returnTo(state);
        if (found.isPresent()) {
            writtenStep = state.step();
        } else {
            milestones.passed(0, steps(), 0);
            checkpoint();
        }
    }

    private void refuseTooLittle() {
        if (steps() < 1) {
            throw new StageException(
                    ExitCode.BAD_DATA,
                    "the training data has " + batches.sequencesPerEpoch() * order.sequenceLength()
                            + " tokens in whole sequences, fewer than one step of " + order.batchTokens()
                            + "; give more data, a smaller training.batchTokens, or data.onEnd: Repeat");
        }
    }

    private int rows() {
        return Math.max(1, order.batchTokens() / order.sequenceLength());
    }

    /** The optimizer steps of the whole run: what the order asks for, or what the data has for whole steps. */
    public long steps() {
        long asked = Math.ceilDiv(order.tokens(), order.batchTokens());
        return switch (order.onDataEnd()) {
            case Repeat -> asked;
            case Stop -> Math.min(asked, batches.sequencesPerEpoch() / rows());
        };
    }

    /** The tokens trained on after so many steps; the last step may read more than the order asks for. */
    private long tokensAt(long step) {
        return Math.min(step * order.batchTokens(), order.tokens());
    }

    /** The tokens trained on so far. */
    public long tokens() {
        return tokensAt(state.step());
    }

    /** What the last checkpoint holds. */
    public CheckpointState state() {
        return state;
    }

    /**
     * Trains until the tokens are used up or a stop is asked for, and writes a checkpoint in the end.
     *
     * @return whether the run is complete
     * @throws StageException with {@code BAD_DATA} where the loss is no longer a number
     */
    public boolean run(Reporter reporter, StopSignal stop) {
        int length = order.sequenceLength();
        long steps = steps();
        LearningRate rate = new LearningRate(order.schedule(), order.learningRate(), order.warmupShare(), steps);
        Reporter.Phase progress = reporter.recovery(tokens(), tokensAt(steps));
        Instant last = Instant.now();
        try (Tensor inputs = LanguageModel.ids(rows(), length);
                Tensor targets = LanguageModel.ids(rows(), length)) {
            while (state.step() < steps && !stop.asked()) {
                step(inputs, targets, rate.at(state.step()), progress);
                if (Duration.between(last, Instant.now()).toSeconds() >= order.checkpointSeconds()) {
                    checkpoint();
                    last = Instant.now();
                    reporter.metrics().checkpointed(last.toEpochMilli() / 1e3);
                }
            }
        }
        checkpoint();
        return state.step() >= steps;
    }

    private void step(Tensor inputs, Tensor targets, double rate, Reporter.Phase progress) {
        inputs.fill(ids -> targets.fill(next -> batches.next(rows(), ids, next)));
        int micro = Math.max(1, TOKENS_AT_ONCE / order.sequenceLength());
        Optimizer.Step seen = optimizer.step(inputs, targets, micro, rate, order.weightDecay(), order.clipNorm());
        long step = state.step() + 1;
        refuseNotFinite(step, seen);
        state = state.at(step, batches.position());
        course.loss().add(new Course.Step(step, tokens(), seen.loss(), rate, seen.gradientNorm()));
        progress.at(tokens(), new Reporter.Training(seen.loss(), rate, seen.gradientNorm()));
        milestones.passed(step, steps(), tokens());
    }

    private static void refuseNotFinite(long step, Optimizer.Step seen) {
        if (!Double.isFinite(seen.loss())) {
            throw new StageException(
                    ExitCode.BAD_DATA,
                    "the loss is " + seen.loss() + " at step " + step
                            + ": training diverged; lower training.learningRate, or lengthen training.warmup");
        }
    }

    private void checkpoint() {
        if (writtenStep == state.step()) {
            return;
        }
        CheckpointState written =
                state.written(course.loss().mark(), course.evaluation().mark(), seconds.getAsDouble());
        checkpoints.write(written, tensors());
        writtenStep = state.step();
    }

    private List<Tensor> tensors() {
        List<Tensor> all = new ArrayList<>(model.tensors());
        all.addAll(optimizer.first());
        all.addAll(optimizer.second());
        all.add(optimizer.count());
        return all;
    }

    @Override
    public void close() {
        optimizer.close();
    }
}
