package dev.modelfamily.api.v1alpha1;

/** Which members are published. */
public enum PublishRule {
    All,
    BestUnder
}
