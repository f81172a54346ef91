package dev.modelfamily.contract;

/**
 * A corpus that was tokenised.
 *
 * @param ref where it is
 * @param revision the commit or digest that its source was resolved to
 * @param badLines lines that were empty or could not be read
 */
public record PreparedData(DataRef ref, String revision, long tokens, long documents, long badLines) {}
