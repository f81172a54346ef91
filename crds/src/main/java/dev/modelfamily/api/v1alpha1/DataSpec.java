package dev.modelfamily.api.v1alpha1;

import java.util.List;

/** The texts: what is trained on, what is measured on, and what calibrates the decomposition. */
public record DataSpec(
        DataSourceSpec training,
        List<EvaluationSpec> evaluation,
        DataSourceSpec calibration,
        String maxBadLines,
        OnDataEnd onEnd) {}
