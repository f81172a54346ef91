package dev.modelfamily.contract;

/**
 * The texts that a cut measures its input member on.
 *
 * @param data the tokenised texts
 * @param tokens how many of them
 */
public record Calibration(DataRef data, long tokens) {}
