package dev.modelfamily.trainer.decompose;

import dev.modelfamily.api.v1alpha1.Truncation;
import dev.modelfamily.planner.Linear;
import dev.modelfamily.trainer.calibrate.Moments;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.torch.Arguments;
import dev.modelfamily.trainer.torch.Tensor;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A linear cut by what was measured of it, at a rank that may still fall.
 *
 * @param u {@code [out, r]}
 * @param v {@code [r, in]}
 * @param squares what each direction of the whole linear adds to the error when it is dropped, falling
 */
record Candidate(Linear linear, int current, Tensor u, Tensor v, List<Double> squares) {
    /** Cuts a linear of {@code input}, which stays as it is. */
    static Candidate of(LanguageModel input, Linear linear, Truncation truncation, Moments moments, int rank) {
        Integer current = input.shape().ranks().get(linear.name());
        try (Tensor none = LanguageModel.zeros(0)) {
            boolean byInput = linear.in() <= linear.out();
            Tensor u = none;
            Tensor v = none;
            if (current != null) {
                u = input.tensor(linear.name() + ".u.weight");
                v = input.tensor(linear.name() + ".v.weight");
            } else if (byInput) {
                u = input.tensor(linear.name() + ".weight");
            } else {
                v = input.tensor(linear.name() + ".weight");
            }
            int k = current != null ? current : Math.min(linear.in(), linear.out());
            try (Tensor inner = inner(truncation, v, moments);
                    Tensor outer = outer(u, k, moments)) {
                List<Tensor> found = LanguageModel.script()
                        .tensors(
                                "cut_by_moments",
                                Arguments.of()
                                        .tensor(u)
                                        .tensor(v)
                                        .tensor(inner)
                                        .tensor(outer)
                                        .integer(rank));
                try (Tensor squares = found.get(2)) {
                    return new Candidate(
                            linear,
                            current == null ? 0 : current,
                            found.get(0),
                            found.get(1),
                            DoubleStream.of(squares.toDoubles()).boxed().toList());
                }
            }
        }
    }

    /** A tensor of its own, which the caller closes. */
    private static Tensor inner(Truncation truncation, Tensor v, Moments moments) {
        return switch (truncation) {
            case Scaled ->
                LanguageModel.script()
                        .tensor("scaled_inner", Arguments.of().tensor(v).tensor(moments.inner()));
            case Plain, Whitened, TwoSided -> copy(moments.inner());
        };
    }

    private static Tensor outer(Tensor u, int k, Moments moments) {
        return moments.outer()
                .map(Candidate::copy)
                .orElseGet(() -> LanguageModel.script()
                        .tensor("output_error", Arguments.of().tensor(u).integer(k)));
    }

    private static Tensor copy(Tensor tensor) {
        return LanguageModel.script().tensor("copy", Arguments.of().tensor(tensor));
    }

    /** The share of the error that a rank makes, 0 to 1. */
    double error(int rank) {
        double dropped = 0;
        double all = 0;
        for (int i = 0; i < squares.size(); i++) {
            all += squares.get(i);
            dropped += i < rank ? 0 : squares.get(i);
        }
        return all == 0 ? 0 : dropped / all;
    }

    /** The factors at a rank that is not above that of the candidate, which must not be used afterwards. */
    List<Tensor> at(int rank) {
        if (rank == v.shape()[0]) {
            return List.of(u, v);
        }
        try (u;
                v) {
            return LanguageModel.script()
                    .tensors("first", Arguments.of().tensor(u).tensor(v).integer(rank));
        }
    }

    void close() {
        u.close();
        v.close();
    }
}
