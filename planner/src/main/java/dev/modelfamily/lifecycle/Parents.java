package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.EvaluationSpec;
import dev.modelfamily.api.v1alpha1.ParentStatus;
import dev.modelfamily.contract.PrepareResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The parent as the status writes it. */
record Parents(Pass pass) {
    /** What the status knows of the parent's perplexity; nothing where the parent is another than it was. */
    SortedMap<String, String> knownPerplexity(PrepareResult prepared) {
        return pass.before()
                .optionalParent()
                .filter(parent -> parent.digest().equals(prepared.parent().digest()))
                .map(ParentStatus::perplexity)
                .map(known -> (SortedMap<String, String>) new TreeMap<>(known))
                .orElseGet(TreeMap::new);
    }

    /** The parent; as it was where the preparation has not found it yet. */
    Optional<ParentStatus> written(Ground ground, List<Stand> stands, Map<String, String> perplexity) {
        return ground.footing()
                .map(footing -> written(footing, stands, perplexity))
                .or(() -> pass.before().optionalParent());
    }

    private ParentStatus written(Ground.Footing footing, List<Stand> stands, Map<String, String> perplexity) {
        boolean measured = stands.stream()
                .anyMatch(stand -> stand.status().optionalResult().isPresent());
        SortedMap<String, String> asked = new TreeMap<>();
        for (EvaluationSpec set : pass.spec().data().evaluation()) {
            if (measured && perplexity.containsKey(set.name())) {
                asked.put(set.name(), perplexity.get(set.name()));
            }
        }
        PrepareResult prepared = footing.prepared();
        return new ParentStatus(
                pass.spec().parent().uri(),
                prepared.revision(),
                prepared.parent().digest(),
                footing.shape().modelType(),
                prepared.parameters(),
                asked);
    }
}
