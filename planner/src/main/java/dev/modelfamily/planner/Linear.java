package dev.modelfamily.planner;

/**
 * A linear layer that a stage may cut: {@code y [out] = W [out, in] x [in]}, or {@code U [out, r] V [r, in] x}.
 *
 * @param name in the Hugging Face checkpoint without {@code .weight}
 */
public record Linear(String name, int in, int out, boolean bias) {
    /** Parameters of {@code W}. */
    public long dense() {
        return (long) in * out;
    }

    /** Parameters that one rank costs: a row of {@code V} and a column of {@code U}. */
    public long perRank() {
        return (long) in + out;
    }

    /** The first rank at which two factors are no smaller than {@code W}; from there on the linear stays dense. */
    public int breakEven() {
        return Math.toIntExact(Math.ceilDiv(dense(), perRank()));
    }
}
