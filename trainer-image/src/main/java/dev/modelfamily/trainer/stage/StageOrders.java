package dev.modelfamily.trainer.stage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.api.v1alpha1.Allocation;
import dev.modelfamily.api.v1alpha1.Recut;
import dev.modelfamily.api.v1alpha1.Truncation;
import dev.modelfamily.contract.Calibration;
import dev.modelfamily.contract.Cut;
import dev.modelfamily.contract.DataRef;
import dev.modelfamily.contract.Distillation;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Recovery;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.trainer.weights.MappedFile;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Reads orders and refuses what no stage can do, with {@link ExitCode#BAD_ORDER}. */
final class StageOrders {
    private StageOrders() {}

    static StageOrder read(Path file) {
        try {
            JsonNode json = Json.mapper().readTree(MappedFile.bytes(file));
            // Before all else: an order of another version may have fields that this one does not know.
            refuseVersion(file, json.path("version"));
            StageOrder order = Json.mapper().treeToValue(json, StageOrder.class);
            refuseAbsent(file, "", order);
            check(order);
            return order;
        } catch (JsonProcessingException e) {
            throw new StageException(
                    ExitCode.BAD_ORDER, file + " is not the order of a stage: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new StageException(ExitCode.BAD_ORDER, file + " is not the order of a stage: " + e.getMessage(), e);
        }
    }

    private static void refuseVersion(Path file, JsonNode version) {
        if (!version.isInt() || version.asInt() != StageOrder.VERSION) {
            throw bad(file + " has the version " + (version.isMissingNode() ? "none" : version)
                    + "; this trainer knows " + StageOrder.VERSION
                    + "; use the trainer and the operator or command line tool of one release");
        }
    }

    /**
     * Fields that may be absent: a cut without recovery needs no training data, a plain one no calibration, and what is as usual
     * is not written.
     */
    private static final Set<String> OPTIONAL = Set.of("training", "calibration", "cut.fit", "recovery.distillation");

    /** JSON that lacks a field leaves a null. */
    private static void refuseAbsent(Path file, String where, Record value) {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            String field = where.isEmpty() ? component.getName() : where + "." + component.getName();
            Object content = read(value, component);
            if (content == null && !OPTIONAL.contains(field)) {
                throw bad(file + " lacks the field " + field);
            }
            if (content instanceof Record nested) {
                refuseAbsent(file, field, nested);
            }
        }
    }

    private static Object read(Record value, RecordComponent component) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new StageException(ExitCode.BUG, "a record's accessor failed: " + component, e);
        }
    }

    private static void check(StageOrder order) {
        Recovery recovery = order.recovery();
        refuse(order.key().isBlank(), "key is empty");
        refuse(recovery.tokens() > 0 && order.training() == null, "training is absent though recovery.tokens is not 0");
        refuse(recovery.tokens() < 0, "recovery.tokens is " + recovery.tokens() + "; 0 or more is needed");
        refuse(
                recovery.sequenceLength() < 2,
                "recovery.sequenceLength is " + recovery.sequenceLength() + "; 2 or more is needed");
        refuse(
                recovery.batchTokens() < 1 || recovery.batchTokens() % recovery.sequenceLength() != 0,
                "recovery.batchTokens is " + recovery.batchTokens() + ", no multiple of recovery.sequenceLength "
                        + recovery.sequenceLength());
        refuse(
                !(recovery.learningRate() > 0) || Double.isInfinite(recovery.learningRate()),
                "recovery.learningRate is " + recovery.learningRate() + "; a number above 0 is needed");
        refuse(
                !(recovery.clipNorm() > 0),
                "recovery.clipNorm is " + recovery.clipNorm() + "; a number above 0 is needed");
        refuse(
                !(recovery.weightDecay() >= 0),
                "recovery.weightDecay is " + recovery.weightDecay() + "; 0 or more is needed");
        refuse(
                !(recovery.warmupShare() >= 0 && recovery.warmupShare() <= 1),
                "recovery.warmupShare is " + recovery.warmupShare() + "; 0 to 1 is needed");
        recovery.distilling().ifPresent(StageOrders::check);
        check(order.cut(), order.calibration());
        Set<String> names = new HashSet<>();
        for (DataRef set : order.evaluation()) {
            refuse(
                    set == null || set.path() == null || set.name() == null,
                    "evaluation has a set without name or path");
            refuse(!names.add(set.name()), "evaluation has two sets named " + set.name());
        }
    }

    private static void check(Distillation distillation) {
        refuse(
                !(distillation.temperature() > 0) || Double.isInfinite(distillation.temperature()),
                "recovery.distillation.temperature is " + distillation.temperature() + "; a number above 0 is needed");
        refuse(
                !(distillation.crossEntropyWeight() >= 0 && distillation.crossEntropyWeight() <= 1),
                "recovery.distillation.crossEntropyWeight is " + distillation.crossEntropyWeight()
                        + "; 0 to 1 is needed");
        refuse(
                !(distillation.hiddenStateWeight() >= 0) || Double.isInfinite(distillation.hiddenStateWeight()),
                "recovery.distillation.hiddenStateWeight is " + distillation.hiddenStateWeight()
                        + "; 0 or more is needed");
    }

    private static void check(Cut cut, Calibration calibration) {
        refuse(
                cut.truncation() != Truncation.Plain && (calibration == null || calibration.tokens() < 1),
                "cut.truncation " + cut.truncation() + " needs calibration with 1 token or more");
        refuse(
                cut.allocation() == Allocation.Global && cut.truncation() != Truncation.TwoSided,
                "cut.allocation Global needs cut.truncation TwoSided, not " + cut.truncation());
        refuse(
                cut.recut() == Recut.SingleFactor && cut.truncation() != Truncation.Plain,
                "cut.recut SingleFactor needs cut.truncation Plain, not " + cut.truncation());
        refuse(
                cut.fits() && cut.truncation() == Truncation.Plain,
                "cut.fit Sequential needs a cut.truncation that measures texts, not Plain");
        refuse(cut.rankMultiple() < 1, "cut.rankMultiple is " + cut.rankMultiple() + "; 1 or more is needed");
        for (Map.Entry<String, Integer> rank : cut.ranks().entrySet()) {
            refuse(
                    rank.getValue() == null || rank.getValue() < 1,
                    "cut.ranks." + rank.getKey() + " is " + rank.getValue() + "; a rank is 1 or more");
        }
    }

    private static void refuse(boolean wrong, String what) {
        if (wrong) {
            throw bad("the order is wrong: " + what);
        }
    }

    private static StageException bad(String message) {
        return new StageException(ExitCode.BAD_ORDER, message);
    }
}
