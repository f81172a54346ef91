package dev.modelfamily.trainer.model;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.ModelShapes;
import dev.modelfamily.trainer.report.Progression;
import dev.modelfamily.trainer.weights.OpenModel;
import dev.modelfamily.trainer.weights.TensorInfo;
import java.util.concurrent.atomic.AtomicLong;

/** Reads an opened model into memory. */
public final class Loading {
    private Loading() {}

    /**
     * The model in fp32; progress is counted in parameters.
     *
     * @throws StageException with {@code BAD_DATA} where a tensor is missing, has another shape than the configuration says, or
     *     holds NaN or an infinity
     */
    public static LanguageModel load(OpenModel source, Progression progress) {
        ModelShape shape = check(source);
        AtomicLong done = new AtomicLong();
        return LanguageModel.create(shape, (slot, memory) -> {
            source.weights().read(slot.name(), memory);
            progress.at(done.addAndGet(slot.elements()));
        });
    }

    /**
     * The shape that the configuration gives, when all tensors of a model of that shape are there.
     *
     * @throws StageException with {@code BAD_DATA} where a tensor is missing or has another shape
     */
    public static ModelShape check(OpenModel source) {
        ModelShape shape = ModelShapes.of(source.config());
        for (Layout.Slot slot : Layout.of(shape).slots()) {
            check(source, slot);
        }
        return shape;
    }

    private static void check(OpenModel source, Layout.Slot slot) {
        TensorInfo info = source.weights().tensors().get(slot.name());
        if (info == null) {
            throw new StageException(
                    ExitCode.BAD_DATA,
                    "the model lacks the tensor " + slot.name()
                            + " that its config.json asks for; fetch or export the model again");
        }
        if (!info.shape().equals(slot.shape())) {
            throw new StageException(
                    ExitCode.BAD_DATA,
                    "the tensor " + slot.name() + " has the shape " + info.shape() + " where config.json asks for "
                            + slot.shape() + "; fetch or export the model again");
        }
    }
}
