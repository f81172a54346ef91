package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.OnMiss;
import dev.modelfamily.contract.StageOrder;
import java.util.Optional;

/**
 * Where one member stands in a pass.
 *
 * @param order of its stage, still without an attempt; empty while its input is not there
 * @param verdict of its gate; empty before there is a result
 * @param pruned whether it lies below a member that missed its gate with {@code onMiss: Prune}
 */
record Stand(MemberStatus status, Optional<StageOrder> order, Optional<Gates.Verdict> verdict, boolean pruned) {
    static Stand of(MemberStatus status) {
        return new Stand(status, Optional.empty(), Optional.empty(), false);
    }

    Stand with(MemberStatus other) {
        return new Stand(other, order, verdict, pruned);
    }

    boolean misses(OnMiss consequence) {
        return verdict.filter(v -> !v.passed() && v.gate().onMiss() == consequence)
                .isPresent();
    }

    /** Whether an attempt may be asked for now. */
    boolean isReady() {
        return status.state() == MemberState.Pending && status.reason().equals(Reasons.READY);
    }
}
