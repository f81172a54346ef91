package dev.modelfamily.planner;

import dev.modelfamily.api.v1alpha1.Allocation;
import dev.modelfamily.api.v1alpha1.MethodSpec;
import dev.modelfamily.api.v1alpha1.RecoveryLoss;
import dev.modelfamily.api.v1alpha1.Truncation;

/** Which methods the trainer of this version can carry out; the API names more. */
final class MethodCheck {
    private MethodCheck() {}

    /**
     * Refuses what the trainer does not do.
     *
     * @throws PlanException that names the field and what works
     */
    static void run(MethodSpec method) {
        require(method.truncation(), Truncation.Plain, "method.truncation");
        require(method.allocation(), Allocation.Uniform, "method.allocation");
        require(method.recovery(), RecoveryLoss.LanguageModel, "method.recovery");
    }

    private static <T> void require(T asked, T possible, String path) {
        if (!asked.equals(possible)) {
            throw new PlanException(
                    path,
                    asked + " is not built into this version's trainer; write " + possible
                            + ", or method: {preset: PLRD} for all that works");
        }
    }
}
