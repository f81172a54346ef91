package dev.modelfamily.trainer.stage;

import dev.modelfamily.api.v1alpha1.OnDataEnd;
import dev.modelfamily.api.v1alpha1.Precision;
import dev.modelfamily.api.v1alpha1.RecoveryLoss;
import dev.modelfamily.contract.Calibration;
import dev.modelfamily.contract.Cut;
import dev.modelfamily.contract.DataRef;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.Places;
import dev.modelfamily.contract.Recovery;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.contract.StageResult;
import dev.modelfamily.trainer.recover.StopSignal;
import dev.modelfamily.trainer.report.Reporter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Runs stages in this process and changes orders. */
final class Stages {
    private Stages() {}

    static StageResult run(StageOrder order) {
        return run(order, new StopSignal(), line -> {});
    }

    /** Runs a stage and gives each of its progress lines to {@code watch}. */
    static StageResult run(StageOrder order, StopSignal stop, Consumer<String> watch) {
        try (Reporter reporter =
                new Reporter(watched(watch), order.key(), order.member(), order.attempt(), order.reporting())) {
            return Stage.run(order, reporter, stop);
        }
    }

    private static PrintStream watched(Consumer<String> watch) {
        return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                watch.accept(line);
            }
        };
    }

    static StageOrder with(StageOrder order, Recovery recovery) {
        return with(order, order.training(), recovery);
    }

    static StageOrder with(StageOrder order, DataRef training, Recovery recovery) {
        return change(order, order.input(), training, recovery, order.places());
    }

    static StageOrder with(StageOrder order, ModelRef input) {
        return change(order, input, order.training(), order.recovery(), order.places());
    }

    static StageOrder with(StageOrder order, Places places) {
        return change(order, order.input(), order.training(), order.recovery(), places);
    }

    /** The same recovery, learning from the parent. */
    static Recovery distilling(Recovery order) {
        return new Recovery(
                RecoveryLoss.Distillation,
                order.tokens(),
                order.batchTokens(),
                order.sequenceLength(),
                order.learningRate(),
                order.schedule(),
                order.warmupShare(),
                order.weightDecay(),
                order.clipNorm(),
                order.precision(),
                order.seed(),
                order.checkpointSeconds(),
                order.onDataEnd(),
                null);
    }

    /** The same by another method, calibrated on a data set. */
    static StageOrder with(StageOrder order, Cut cut, Calibration calibration) {
        return new StageOrder(
                order.version(),
                order.key(),
                order.family(),
                order.member(),
                order.attempt(),
                order.input(),
                order.parent(),
                order.parentName(),
                order.training(),
                calibration,
                order.evaluation(),
                cut,
                order.recovery(),
                order.places(),
                order.reporting());
    }

    private static StageOrder change(
            StageOrder order, ModelRef input, DataRef training, Recovery recovery, Places places) {
        return new StageOrder(
                order.version(),
                order.key(),
                order.family(),
                order.member(),
                order.attempt(),
                input,
                order.parent(),
                order.parentName(),
                training,
                order.calibration(),
                order.evaluation(),
                order.cut(),
                recovery,
                places,
                order.reporting());
    }

    static Recovery recovery(long tokens, OnDataEnd onDataEnd) {
        return recovery(tokens, Precision.Float32, onDataEnd);
    }

    static Recovery recovery(long tokens, Precision precision) {
        return recovery(tokens, precision, OnDataEnd.Repeat);
    }

    private static Recovery recovery(long tokens, Precision precision, OnDataEnd onDataEnd) {
        Recovery usual = TinyFamily.recovery(1);
        return new Recovery(
                usual.loss(),
                tokens,
                usual.batchTokens(),
                usual.sequenceLength(),
                usual.learningRate(),
                usual.schedule(),
                usual.warmupShare(),
                usual.weightDecay(),
                usual.clipNorm(),
                precision,
                usual.seed(),
                usual.checkpointSeconds(),
                onDataEnd,
                null);
    }

    /** The content of all files of a member but that with the facts of the run, by name. */
    static SortedMap<String, String> bytes(Path member) {
        try (Stream<Path> files = Files.list(member)) {
            SortedMap<String, String> content = new TreeMap<>();
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!name.equals("run.json")) {
                    content.put(name, Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
            return content;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
