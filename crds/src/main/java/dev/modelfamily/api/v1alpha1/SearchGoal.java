package dev.modelfamily.api.v1alpha1;

/** What a search looks for. */
public enum SearchGoal {
    SmallestWithinPerplexity,
    BestUnderSize
}
