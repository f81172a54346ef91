package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.Allocation;
import dev.modelfamily.api.v1alpha1.EvaluationSpec;
import dev.modelfamily.api.v1alpha1.Fit;
import dev.modelfamily.api.v1alpha1.MemberSpec;
import dev.modelfamily.api.v1alpha1.MethodSpec;
import dev.modelfamily.api.v1alpha1.MixPart;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.api.v1alpha1.RecoveryLoss;
import dev.modelfamily.api.v1alpha1.SecretRef;
import dev.modelfamily.api.v1alpha1.TrainingSpec;
import dev.modelfamily.api.v1alpha1.Truncation;
import dev.modelfamily.contract.Calibration;
import dev.modelfamily.contract.Cut;
import dev.modelfamily.contract.DataRef;
import dev.modelfamily.contract.DataSource;
import dev.modelfamily.contract.Distillation;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.Places;
import dev.modelfamily.contract.PrepareOrder;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.PreparedData;
import dev.modelfamily.contract.Recovery;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.planner.MemberPlan;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.Planner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Writes out what the trainer is asked for. An order without a key and an attempt is enough to find its key. */
record Orders(Pass pass) {
    private static final String FILE = "file:";

    /** The order of the preparation. */
    PrepareOrder preparation(boolean headersOnly) {
        ModelFamilySpec spec = pass.spec();
        PrepareOrder keyless = new PrepareOrder(
                StageOrder.VERSION,
                pass.family().getMetadata().getName(),
                spec.parent().uri(),
                spec.parent().revision(),
                tokenFile(spec.parent().optionalCredentials()),
                sources(),
                spec.data().maxBadLinesShare(),
                headersOnly,
                "",
                pass.surroundings().reporting());
        return withOutput(
                keyless,
                pass.surroundings()
                        .storage()
                        .prepared(Keys.of(keyless, pass.surroundings().trainerVersion())));
    }

    /** The order of an attempt at a stage. */
    StageOrder stage(
            MemberSpec member, MemberPlan plan, ModelShape parentShape, PrepareResult prepared, ModelRef input) {
        StageOrder keyless = new StageOrder(
                StageOrder.VERSION,
                "",
                pass.family().getMetadata().getName(),
                member.name(),
                0,
                input,
                prepared.parent(),
                parentName(prepared),
                set(prepared, DataSource.TRAINING, 0),
                calibration(prepared),
                pass.spec().data().evaluation().stream()
                        .map(set -> set(prepared, set.name(), set.maxWindows()))
                        .toList(),
                cut(pass.spec().method(), plan),
                recovery(member, Planner.training(pass.spec(), member, parentShape)),
                new Places("", ""),
                pass.surroundings().reporting());
        return numbered(keyless, Keys.of(keyless, pass.surroundings().trainerVersion()), 0);
    }

    /** The order for a certain attempt. */
    StageOrder numbered(StageOrder order, String key, int attempt) {
        StorageLayout storage = pass.surroundings().storage();
        return new StageOrder(
                order.version(),
                key,
                order.family(),
                order.member(),
                attempt,
                order.input(),
                order.parent(),
                order.parentName(),
                order.training(),
                order.calibration(),
                order.evaluation(),
                order.cut(),
                order.recovery(),
                new Places(storage.attempt(key, attempt), storage.checkpoints(key)),
                order.reporting());
    }

    private List<DataSource> sources() {
        ModelFamilySpec spec = pass.spec();
        List<DataSource> sources = new ArrayList<>();
        for (MixPart part : spec.data().training().parts()) {
            sources.add(source(DataSource.TRAINING, part));
        }
        if (isMeasured() && !calibratesOnTraining()) {
            for (MixPart part : spec.data().calibration().parts()) {
                sources.add(source(DataSource.CALIBRATION, part));
            }
        }
        for (EvaluationSpec set : spec.data().evaluation()) {
            sources.add(new DataSource(
                    set.name(),
                    set.uri(),
                    set.revision(),
                    set.subset(),
                    set.split(),
                    set.format(),
                    set.textField(),
                    1,
                    tokenFile(set.optionalCredentials()),
                    set.maxWindows()));
        }
        return List.copyOf(sources);
    }

    private boolean isMeasured() {
        return pass.spec().method().truncation() != Truncation.Plain;
    }

    /** Then the texts are tokenised once. */
    private boolean calibratesOnTraining() {
        return pass.spec().data().calibration().equals(pass.spec().data().training());
    }

    /** Null where the cut measures nothing. */
    private Calibration calibration(PrepareResult prepared) {
        if (!isMeasured()) {
            return null;
        }
        String name = calibratesOnTraining() ? DataSource.TRAINING : DataSource.CALIBRATION;
        return new Calibration(set(prepared, name, 0), pass.spec().method().calibrationTokenCount());
    }

    private DataSource source(String name, MixPart part) {
        return new DataSource(
                name,
                part.uri(),
                part.revision(),
                part.subset(),
                part.split(),
                part.format(),
                part.textField(),
                part.weight(),
                tokenFile(part.optionalCredentials()),
                0);
    }

    private String tokenFile(Optional<SecretRef> secret) {
        return secret.map(pass.surroundings()::fileOf).orElse("");
    }

    private static DataRef set(PrepareResult prepared, String name, int maxWindows) {
        return prepared.data().stream()
                .map(PreparedData::ref)
                .filter(ref -> ref.name().equals(name))
                .map(ref -> new DataRef(name, ref.path(), ref.digest(), maxWindows))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the preparation has no data set '" + name + "'"));
    }

    private String parentName(PrepareResult prepared) {
        String name = publicName(pass.spec().parent().uri());
        return prepared.revision().isEmpty() ? name : name + "@" + prepared.revision();
    }

    /** Of a file only its own name: where it lies on this machine is nothing that a member should tell, or depend on. */
    private static String publicName(String uri) {
        return uri.startsWith(FILE) ? FILE + uri.substring(uri.lastIndexOf('/') + 1) : uri;
    }

    /** The ranks of a global allocation are found by the stage: it gets the size that was asked for. */
    private static Cut cut(MethodSpec method, MemberPlan plan) {
        boolean global = method.allocation() == Allocation.Global;
        return new Cut(
                method.truncation(),
                method.allocation(),
                method.recut(),
                method.fit() == Fit.None ? null : method.fit(),
                plan.rankMultiple(),
                global ? plan.asked() : plan.parameters(),
                global ? Collections.emptySortedMap() : plan.ranks());
    }

    private Recovery recovery(MemberSpec member, TrainingSpec training) {
        return new Recovery(
                pass.spec().method().recovery(),
                member.tokenCount(),
                Math.toIntExact(training.batchTokenCount()),
                training.sequenceLength(),
                training.peakLearningRate(),
                training.schedule(),
                training.warmupShare(),
                training.weightDecayRate(),
                training.clipNormValue(),
                training.precision(),
                training.seed(),
                Math.clamp(training.checkpointEvery().toSeconds(), 1, Integer.MAX_VALUE),
                pass.spec().data().onEnd(),
                distillation(pass.spec().method()));
    }

    /** Null for the usual, so that the key of a stage is what it was before there was a choice. */
    private static Distillation distillation(MethodSpec method) {
        Distillation asked = new Distillation(
                method.distillation().softening(),
                method.distillation().crossEntropyShare(),
                method.distillation().hiddenStateFactor());
        boolean distils = method.recovery() == RecoveryLoss.Distillation;
        return distils && !asked.equals(Distillation.USUAL) ? asked : null;
    }

    private static PrepareOrder withOutput(PrepareOrder order, String output) {
        return new PrepareOrder(
                order.version(),
                order.family(),
                order.parentUri(),
                order.parentRevision(),
                order.parentTokenFile(),
                order.data(),
                order.maxBadLinesShare(),
                order.headersOnly(),
                output,
                order.reporting());
    }
}
