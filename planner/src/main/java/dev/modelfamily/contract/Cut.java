package dev.modelfamily.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.modelfamily.api.v1alpha1.Allocation;
import dev.modelfamily.api.v1alpha1.Fit;
import dev.modelfamily.api.v1alpha1.Recut;
import dev.modelfamily.api.v1alpha1.Truncation;
import java.util.SortedMap;

/**
 * How a stage decomposes its input member.
 *
 * @param fit null where nothing follows, which an order does not write; read it by {@link #fits()}
 * @param ranks the rank of each linear that becomes or stays factored, by the name of the linear in the Hugging Face
 *     checkpoint without {@code .weight}, such as {@code model.layers.0.self_attn.q_proj}; a linear that is absent stays
 *     as it is in the input member. Empty for global allocation, which the trainer computes from {@code targetParameters}.
 * @param targetParameters the parameters of the whole member, embeddings included
 */
public record Cut(
        Truncation truncation,
        Allocation allocation,
        Recut recut,
        @JsonInclude(JsonInclude.Include.NON_NULL) Fit fit,
        int rankMultiple,
        long targetParameters,
        SortedMap<String, Integer> ranks) {
    /** Whether the factors are fitted to the input member after all cuts. */
    public boolean fits() {
        return fit == Fit.Sequential;
    }

    /** The same with other ranks, such as those that a global allocation has found. */
    public Cut withRanks(SortedMap<String, Integer> others) {
        return new Cut(truncation, allocation, recut, fit, rankMultiple, targetParameters, others);
    }
}
