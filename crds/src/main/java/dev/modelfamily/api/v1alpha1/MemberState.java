package dev.modelfamily.api.v1alpha1;

/** The state of one member. */
public enum MemberState {
    Pending,
    Blocked,
    Queued,
    Running,
    Succeeded,
    Failed,
    Skipped
}
