package dev.modelfamily.api.v1alpha1;

/** What a cut of a weight matrix keeps. */
public enum Truncation {
    /** What matters to the activations and to the loss behind them. */
    TwoSided,
    /** What matters to the output of the matrix on the calibration texts, as SVD-LLM (arXiv 2403.07378). */
    Whitened,
    /** The biggest singular values after each input is scaled by its size, as ASVD (arXiv 2312.05821). */
    Scaled,
    /** The biggest singular values. */
    Plain
}
