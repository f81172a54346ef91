package dev.modelfamily.lifecycle;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.modelfamily.contract.Calibration;
import dev.modelfamily.contract.Cut;
import dev.modelfamily.contract.DataRef;
import dev.modelfamily.contract.DataSource;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.PrepareOrder;
import dev.modelfamily.contract.Recovery;
import dev.modelfamily.contract.StageOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * The identity of a piece of work: a digest of everything that shapes its result, and of nothing else. So no name of a family
 * or member, no path, no number of an attempt, no credential and no interval of checkpoints is in it; renaming a member or
 * moving the storage makes nothing anew.
 */
final class Keys {
    private Keys() {}

    /** The key of an order, whatever key stands in it. */
    static String of(StageOrder order, String trainerVersion) {
        return digest(new StageContent(
                order.input().digest(),
                order.parent().digest(),
                order.cut(),
                lasting(order.recovery()),
                order.training().digest(),
                order.calibration() == null ? null : CalibrationContent.of(order.calibration()),
                order.evaluation().stream()
                        .map(EvaluationContent::of)
                        .sorted(Comparator.comparing(EvaluationContent::name))
                        .toList(),
                trainerVersion));
    }

    static String of(PrepareOrder order, String trainerVersion) {
        return digest(new PrepareContent(
                order.parentUri(),
                order.parentRevision(),
                order.data().stream().map(Keys::open).toList(),
                order.maxBadLinesShare(),
                order.headersOnly(),
                trainerVersion));
    }

    /** A resumed stage makes the same member, so how often it writes a checkpoint is no part of what it is. */
    private static Recovery lasting(Recovery recovery) {
        return new Recovery(
                recovery.loss(),
                recovery.tokens(),
                recovery.batchTokens(),
                recovery.sequenceLength(),
                recovery.learningRate(),
                recovery.schedule(),
                recovery.warmupShare(),
                recovery.weightDecay(),
                recovery.clipNorm(),
                recovery.precision(),
                recovery.seed(),
                0,
                recovery.onDataEnd(),
                recovery.distillation());
    }

    private static DataSource open(DataSource source) {
        return new DataSource(
                source.name(),
                source.uri(),
                source.revision(),
                source.subset(),
                source.split(),
                source.format(),
                source.textField(),
                source.weight(),
                "",
                source.maxWindows());
    }

    private static String digest(Object content) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            byte[] digest = sha.digest(Json.line(content).getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private record StageContent(
            String input,
            String parent,
            Cut cut,
            Recovery recovery,
            String training,
            @JsonInclude(JsonInclude.Include.NON_NULL) CalibrationContent calibration,
            List<EvaluationContent> evaluation,
            String trainerVersion) {}

    private record CalibrationContent(String digest, long tokens) {
        static CalibrationContent of(Calibration calibration) {
            return new CalibrationContent(calibration.data().digest(), calibration.tokens());
        }
    }

    /** The name is in it, since results are reported by it. */
    private record EvaluationContent(String name, String digest, int maxWindows) {
        static EvaluationContent of(DataRef set) {
            return new EvaluationContent(set.name(), set.digest(), set.maxWindows());
        }
    }

    private record PrepareContent(
            String parentUri,
            String parentRevision,
            List<DataSource> data,
            double maxBadLinesShare,
            boolean headersOnly,
            String trainerVersion) {}
}
