package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberSpec;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The decision core. */
public final class Lifecycle {
    /** The name by which attempts at the preparation go: it makes the family's parent. No member has it. */
    public static final String PREPARATION = MemberSpec.PARENT;

    private Lifecycle() {}

    /**
     * Decides what to do next for a family. Total and pure: the same arguments give the same decision, and the status of the
     * family is the only memory. An executor writes the status of the decision first (where it differs), then carries out the
     * actions, then observes and asks again: at once where the status changed, else when it sees something new or at
     * {@link Decision#wakeAt}.
     *
     * @param family its spec, generation and last written status
     */
    public static Decision decide(ModelFamily family, Observed observed, Instant now) {
        ModelFamilyStatus status = Optional.ofNullable(family.getStatus()).orElse(ModelFamilyStatus.NOTHING);
        return new Decision(List.of(), status, Optional.empty());
    }
}
