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
    private final LossLog log;
    private final long tokens;
    private final Instant started = Instant.now();
    private CheckpointState state;

    /**
     * A run at its start, or at a checkpoint when {@code found} is given: then the tensors of the model are read from it.
     *
     * @param start the state before the first step, with {@code step} 0
     */
    public RecoveryRun(
            LanguageModel model,
            Recovery order,
            PackedBatches batches,
            Checkpoints checkpoints,
            LossLog log,
            CheckpointState start,
            Optional<Checkpoints.Found> found) {
        this.model = model;
        this.order = order;
        this.batches = batches;
        this.checkpoints = checkpoints;
        this.log = log;
        this.tokens = batches.available(order.tokens());
        this.state = found.map(Checkpoints.Found::state).orElse(start);
        if (state.bfloat16()) {
            model.computeInBFloat16();
        }
        this.optimizer = new Optimizer(model);
        found.ifPresent(checkpoint -> Checkpoints.read(checkpoint, tensors()));
        batches.seek(state.position());
        log.truncate(state.lossBytes());
        if (found.isEmpty()) {
            checkpoint();
        }
    }

    /** The optimizer steps of the whole run. */
    public long steps() {
        return Math.ceilDiv(tokens, order.batchTokens());
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
        int rows = Math.max(1, order.batchTokens() / length);
        LearningRate rate = new LearningRate(order.schedule(), order.learningRate(), order.warmupShare(), steps());
        Reporter.Phase progress = reporter.recovery(state.step() * order.batchTokens(), tokens);
        Instant last = Instant.now();
        long step = state.step();
        try (Tensor inputs = LanguageModel.ids(rows, length);
                Tensor targets = LanguageModel.ids(rows, length)) {
            while (step < steps() && !stop.asked()) {
                if (batches.next(rows, inputs.memory(), targets.memory()) < rows) {
                    break;
                }
                double now = rate.at(step);
                Optimizer.Step seen = optimizer.step(
                        inputs,
                        targets,
                        Math.max(1, TOKENS_AT_ONCE / length),
                        now,
                        order.weightDecay(),
                        order.clipNorm());
                step++;
                refuseNotFinite(step, seen);
                long done = Math.min(step * order.batchTokens(), tokens);
                log.add(new LossLog.Line(step, done, seen.loss(), now, seen.gradientNorm()));
                progress.at(done, new Reporter.Training(seen.loss(), now, seen.gradientNorm()));
                state = at(step);
                if (Duration.between(last, Instant.now()).toSeconds() >= order.checkpointSeconds()) {
                    checkpoint();
                    last = Instant.now();
                    reporter.metrics().checkpointed(last.toEpochMilli() / 1e3);
                }
            }
        }
        checkpoint();
        return !stop.asked() || step >= steps();
    }

    private static void refuseNotFinite(long step, Optimizer.Step seen) {
        if (!Double.isFinite(seen.loss())) {
            throw new StageException(
                    ExitCode.BAD_DATA,
                    "the loss is " + seen.loss() + " at step " + step
                            + ": training diverged; lower training.learningRate, or lengthen training.warmup");
        }
    }

    private CheckpointState at(long step) {
        return new CheckpointState(
                CheckpointState.VERSION,
                state.key(),
                step,
                batches.position(),
                log.length(),
                state.bfloat16(),
                state.ranks(),
                state.perplexityBefore(),
                state.perplexityOfInput(),
                state.cutErrors(),
                state.seconds(),
                "");
    }

    private void checkpoint() {
        log.sync();
        CheckpointState written = state.withSeconds(
                state.seconds() + Duration.between(started, Instant.now()).toMillis() / 1e3);
        checkpoints.write(written, tensors());
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
        log.close();
    }
}
