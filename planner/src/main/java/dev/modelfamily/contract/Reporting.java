package dev.modelfamily.contract;

/**
 * How a stage reports while it runs.
 *
 * @param metricsPort the port of the Prometheus endpoint; 0 for none
 * @param progressSeconds the time between two progress lines
 * @param threads the CPU threads to compute with; 0 for all
 */
public record Reporting(int metricsPort, int progressSeconds, int threads) {}
