package dev.modelfamily.trainer.report;

import java.util.function.DoubleSupplier;

/** Seconds of wall-clock time since it was started. */
public final class Stopwatch implements DoubleSupplier {
    private final long started = System.nanoTime();

    private Stopwatch() {}

    /** Starts one. */
    public static Stopwatch started() {
        return new Stopwatch();
    }

    @Override
    public double getAsDouble() {
        return (System.nanoTime() - started) / 1e9;
    }
}
