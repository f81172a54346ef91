package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.EvaluationSpec;
import dev.modelfamily.api.v1alpha1.GenerateSpec;
import dev.modelfamily.api.v1alpha1.MixPart;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.api.v1alpha1.StorageSpec;
import dev.modelfamily.planner.PlanException;
import dev.modelfamily.planner.Planner;
import java.util.List;

/** Which parts of the API this version carries out; the rest is refused before anything is fetched. */
final class Support {
    private static final List<String> SCHEMES = List.of("hf:", "pvc:", "file:", GenerateSpec.SCHEME);

    private Support() {}

    /**
     * Refuses what this version does not do.
     *
     * @throws PlanException that names the field and what works
     */
    static void check(ModelFamilySpec spec) {
        Planner.check(spec);
        scheme("parent.uri", spec.parent().uri());
        corpus("data.training", spec.data().training().parts());
        corpus("data.calibration", spec.data().calibration().parts());
        for (EvaluationSpec set : spec.data().evaluation()) {
            scheme("data.evaluation[" + set.name() + "].uri", set.uri());
        }
        if (spec.optionalStorage().flatMap(StorageSpec::optionalS3).isPresent()) {
            throw new PlanException(
                    "storage.s3", "this version keeps members on volumes only; write persistentVolumeClaim");
        }
        if (!spec.publish().isEmpty()) {
            throw new PlanException(
                    "publish", "this version does not publish members; remove it and copy them by hand");
        }
    }

    private static void corpus(String path, List<MixPart> parts) {
        for (int index = 0; index < parts.size(); index++) {
            scheme(
                    parts.size() == 1 ? path + ".uri" : path + ".mix[" + index + "].uri",
                    parts.get(index).uri());
        }
    }

    private static void scheme(String path, String uri) {
        if (SCHEMES.stream().noneMatch(uri::startsWith)) {
            throw new PlanException(path, "this version does not read " + uri + "; it reads hf://, pvc:// and file:");
        }
    }
}
