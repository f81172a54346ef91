package dev.modelfamily.trainer.decompose;

import dev.modelfamily.api.v1alpha1.Recut;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.torch.Arguments;
import dev.modelfamily.trainer.torch.Tensor;
import java.util.List;
import java.util.Map;

/**
 * One linear after its cut.
 *
 * @param rank that it has now
 * @param factors its new weights by name; empty where it stayed as it was
 * @param error the dropped share of what the cut minimises, 0 to 1
 */
record LinearCut(String name, int rank, Map<String, Tensor> factors, double error) {
    /** The plain cut of a linear of {@code input} to a rank that is not above its present one, which closes what it was. */
    static LinearCut of(LanguageModel input, String name, int rank, Recut recut) {
        Integer current = input.shape().ranks().get(name);
        if (current != null && rank == current) {
            return new LinearCut(name, rank, Map.of(), 0);
        }
        List<Tensor> sources = current == null
                ? List.of(input.tensor(name + ".weight"))
                : List.of(input.tensor(name + ".u.weight"), input.tensor(name + ".v.weight"));
        Arguments arguments = Arguments.of();
        sources.forEach(arguments::tensor);
        List<Tensor> found = LanguageModel.script().tensors(method(current == null, recut), arguments.integer(rank));
        sources.forEach(Tensor::close);
        try (Tensor rest = found.get(2)) {
            double[] squares = rest.toDoubles();
            return new LinearCut(
                    name,
                    rank,
                    Map.of(name + ".u.weight", found.get(0), name + ".v.weight", found.get(1)),
                    squares[1] == 0 ? 0 : squares[0] / squares[1]);
        }
    }

    private static String method(boolean dense, Recut recut) {
        if (dense) {
            return "cut_dense";
        }
        return switch (recut) {
            case Recut.SingleFactor -> "cut_factor";
            case Recut.Product -> "cut_product";
        };
    }
}
