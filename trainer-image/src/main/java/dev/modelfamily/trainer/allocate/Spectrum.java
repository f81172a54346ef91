package dev.modelfamily.trainer.allocate;

import dev.modelfamily.planner.Linear;
import java.util.List;

/**
 * What each rank of a linear is worth.
 *
 * @param current its rank in the input member; 0 where it is dense
 * @param squares what each direction adds to the loss when it is dropped, falling, in one unit for all linears
 */
public record Spectrum(Linear linear, int current, List<Double> squares) {
    /** The parameters that it has now. */
    long whole() {
        return current == 0 ? linear.dense() : current * linear.perRank();
    }

    /** The highest rank that saves parameters against what it has now, and one more: the next is what it has now. */
    public int limit() {
        return (current == 0 ? linear.breakEven() : current) - 1;
    }
}
