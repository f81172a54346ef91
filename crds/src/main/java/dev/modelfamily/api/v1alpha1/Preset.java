package dev.modelfamily.api.v1alpha1;

/** A named method: what each field of the method is where the user leaves it out. */
public enum Preset {
    /** The defaults of this project. */
    Standard,
    /** Progressive low-rank decomposition as published, arXiv 2406.19995: the baseline to compare with. */
    PLRD,
    /** Plain singular value decomposition, the same share of every matrix. */
    SVD,
    /** Activation-aware singular value decomposition, arXiv 2312.05821. */
    ASVD,
    /** Truncation-aware whitening, arXiv 2403.07378. */
    SVDLLM
}
