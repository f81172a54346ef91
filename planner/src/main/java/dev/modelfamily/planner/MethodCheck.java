package dev.modelfamily.planner;

import dev.modelfamily.api.v1alpha1.Allocation;
import dev.modelfamily.api.v1alpha1.DistillationSpec;
import dev.modelfamily.api.v1alpha1.Fit;
import dev.modelfamily.api.v1alpha1.MethodSpec;
import dev.modelfamily.api.v1alpha1.RecoveryLoss;
import dev.modelfamily.api.v1alpha1.Recut;
import dev.modelfamily.api.v1alpha1.Truncation;

/** Which fields of a method go together. */
final class MethodCheck {
    private MethodCheck() {}

    /**
     * Refuses what contradicts itself.
     *
     * @throws PlanException that names the field and what works
     */
    static void run(MethodSpec method) {
        if (method.allocation() == Allocation.Global && method.truncation() != Truncation.TwoSided) {
            throw new PlanException(
                    "method.allocation",
                    "Global compares matrices by what they add to the loss, which truncation " + method.truncation()
                            + " does not measure; write truncation: TwoSided, or allocation: Uniform");
        }
        if (method.recut() == Recut.SingleFactor && method.truncation() != Truncation.Plain) {
            throw new PlanException(
                    "method.recut",
                    "SingleFactor cuts one factor by its singular values, which truncation " + method.truncation()
                            + " does not go by; write recut: Product, or truncation: Plain");
        }
        if (method.fit() != Fit.None && method.truncation() == Truncation.Plain) {
            throw new PlanException(
                    "method.fit",
                    method.fit()
                            + " fits the factors on calibration texts, and truncation Plain measures none; write fit:"
                            + " None, or another truncation");
        }
        if (method.recovery() != RecoveryLoss.Distillation
                && !method.distillation().equals(DistillationSpec.DEFAULT)) {
            throw new PlanException(
                    "method.distillation",
                    "recovery " + method.recovery()
                            + " does not learn from the parent; leave it out, or write recovery: Distillation");
        }
        if (method.truncation() != Truncation.Plain && method.calibrationTokenCount() < 1) {
            throw new PlanException(
                    "method.calibrationTokens",
                    "truncation " + method.truncation() + " measures texts; ask for 1 token or more");
        }
    }
}
