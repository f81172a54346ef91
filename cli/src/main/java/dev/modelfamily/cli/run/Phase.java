package dev.modelfamily.cli.run;

import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;

/** The family in one word, as the decision core writes it into the status. */
enum Phase {
    Pending(false),
    Preparing(false),
    Planned(true),
    Running(false),
    Suspended(true),
    Succeeded(true),
    Failed(true),
    Stalled(true);

    private final boolean atRest;

    Phase(boolean atRest) {
        this.atRest = atRest;
    }

    /** Whether nothing more happens by itself. */
    boolean atRest() {
        return atRest;
    }

    static Phase of(ModelFamilyStatus status) {
        return status.phase().isEmpty() ? Pending : valueOf(status.phase());
    }
}
