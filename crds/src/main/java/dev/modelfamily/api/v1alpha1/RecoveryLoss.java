package dev.modelfamily.api.v1alpha1;

/** What recovery minimises. */
public enum RecoveryLoss {
    Distillation,
    LanguageModel
}
