package dev.modelfamily.planner;

/** Counts the parameters of a model, embeddings included, tied weights once. */
public final class Parameters {
    private Parameters() {}

    /** All parameters; a linear with a rank counts as its two factors. */
    public static long of(ModelShape shape) {
        return outsideOfLinears(shape) + inLinears(shape);
    }

    /** Parameters that no cut changes: embedding, head, norms and biases. */
    static long outsideOfLinears(ModelShape shape) {
        long hidden = shape.hidden();
        long embedding = shape.vocabulary() * hidden * (shape.tied() ? 1 : 2);
        long norms = 2 * hidden + (shape.qkNorm() ? 2L * shape.headDim() : 0);
        long biases = Linears.of(shape).stream()
                .filter(Linear::bias)
                .mapToLong(Linear::out)
                .sum();
        return embedding + hidden + shape.layers() * norms + biases;
    }

    /** Parameters of the weights of all linears, dense or factored. */
    public static long inLinears(ModelShape shape) {
        return Linears.of(shape).stream()
                .mapToLong(linear -> of(linear, shape.ranks().get(linear.name())))
                .sum();
    }

    private static long of(Linear linear, Integer rank) {
        return rank == null ? linear.dense() : rank * linear.perRank();
    }
}
