package dev.modelfamily.api.v1alpha1;

/** What follows the cuts of all matrices, before any training. */
public enum Fit {
    /** Nothing. */
    None,
    /**
     * Block by block, each factored matrix is fitted to what the input member computes, on what the blocks before it, already cut,
     * hand over: after the closed-form update of SVD-LLM (arXiv 2403.07378).
     */
    Sequential
}
