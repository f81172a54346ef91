package dev.modelfamily.trainer.report;

/** One phase of the work, told how far it is. */
@FunctionalInterface
public interface Progression {
    /** For work that nobody watches. */
    Progression SILENT = done -> {};

    /** So much is done now, in the unit of the phase. */
    void at(long done);
}
