package dev.modelfamily.trainer.stage;

import dev.modelfamily.contract.DataRef;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.ModelShapes;
import dev.modelfamily.trainer.recover.StopSignal;
import dev.modelfamily.trainer.report.Progression;
import dev.modelfamily.trainer.report.Reporter;
import dev.modelfamily.trainer.weights.MappedFile;
import dev.modelfamily.trainer.weights.Models;
import dev.modelfamily.trainer.weights.OpenModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * What a stage reads, verified.
 *
 * @param input the member that is cut
 * @param parent the pre-trained model of the family
 * @param inputIsParent whether this is the first stage of a chain
 */
record Inputs(OpenModel input, OpenModel parent, boolean inputIsParent) implements AutoCloseable {
    private static final String TOKENIZER = "tokenizer.json";

    static Inputs open(StageOrder order, Reporter reporter, StopSignal stop) {
        boolean same = order.input().digest().equals(order.parent().digest());
        Set<ModelRef> models = new LinkedHashSet<>(List.of(order.input()));
        models.add(order.parent());
        LongConsumer reading = reading(models, reporter, stop);
        for (ModelRef model : models) {
            InputCheck.verify(model.equals(order.input()) ? "input member" : "parent", model, reading);
        }
        OpenModel parent = Models.open(Path.of(order.parent().path()));
        boolean whole = false;
        try {
            refuseLongSequences(order, parent);
            verifyData(order, parent);
            Inputs inputs = new Inputs(Models.open(Path.of(order.input().path())), parent, same);
            whole = true;
            return inputs;
        } finally {
            if (!whole) {
                parent.close();
            }
        }
    }

    /** Progress in bytes, whose digest is computed. */
    private static LongConsumer reading(Set<ModelRef> models, Reporter reporter, StopSignal stop) {
        AtomicLong bytes = new AtomicLong();
        long total =
                models.stream().mapToLong(model -> size(Path.of(model.path()))).sum();
        Progression progress = reporter.begin("load", 0, total);
        return read -> {
            stop.endIfAsked("load");
            progress.at(bytes.addAndGet(read));
        };
    }

    private static long size(Path model) {
        try (Stream<Path> files = Files.walk(model, 1)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw MappedFile.unreadable(model, e);
        }
    }

    private static void refuseLongSequences(StageOrder order, OpenModel parent) {
        ModelShape shape = ModelShapes.of(parent.config());
        int length = order.recovery().sequenceLength();
        if (length > shape.maxPositions()) {
            throw new StageException(
                    ExitCode.BAD_ORDER,
                    "the order is wrong: recovery.sequenceLength is " + length + ", the parent has "
                            + shape.maxPositions() + " positions");
        }
    }

    private static void verifyData(StageOrder order, OpenModel parent) {
        int vocabulary = ModelShapes.of(parent.config()).vocabulary();
        byte[] tokenizer = parent.companions().get(TOKENIZER);
        if (order.recovery().tokens() > 0) {
            InputCheck.verify(order.training(), vocabulary, tokenizer);
        }
        if (order.calibration() != null) {
            InputCheck.verify(order.calibration().data(), vocabulary, tokenizer);
        }
        for (DataRef set : order.evaluation()) {
            InputCheck.verify(set, vocabulary, tokenizer);
        }
    }

    /** Bytes of the files that go from the parent into the member. */
    long companionBytes() {
        return parent.companions().values().stream()
                .mapToLong(content -> content.length)
                .sum();
    }

    @Override
    public void close() {
        input.close();
        parent.close();
    }
}
