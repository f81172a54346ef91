package dev.modelfamily.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.modelfamily.api.v1alpha1.EvaluationSpec;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.contract.DataRef;
import dev.modelfamily.contract.DataSource;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.PreparedData;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.contract.StageResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes results without work: the same for the same key. */
final class FakeTrainer {
    /** The parent's perplexity on every set. */
    static final double OF_PARENT = 10;

    /** A member's perplexity, where it is not 12. */
    final Map<String, Double> perplexity = new HashMap<>();
    /** Whether a stage that cuts the parent measures it too. */
    boolean measuresParent = true;

    private final Map<String, StageOrder> orders = new HashMap<>();

    /** An attempt at an order was started. */
    void asked(StageOrder order) {
        orders.put(order.key(), order);
    }

    PrepareResult preparation(String root, String key, ModelFamilySpec spec) {
        List<PreparedData> data = new ArrayList<>();
        data.add(data(root, key, DataSource.TRAINING, spec.data().training().uri()));
        for (EvaluationSpec set : spec.data().evaluation()) {
            data.add(data(root, key, set.name(), set.uri()));
        }
        String path = new StorageLayout(root).prepared(key) + "/parent";
        String digest = "sha256:parent-" + spec.parent().uri();
        return new PrepareResult(1, new ModelRef(path, digest), "abc123", config(), 53_824, data);
    }

    /** What a preparation finds that reads nothing but headers. */
    PrepareResult headers(String root, String key, ModelFamilySpec spec) {
        PrepareResult all = preparation(root, key, spec);
        return new PrepareResult(
                1, new ModelRef(all.parent().path(), ""), all.revision(), all.config(), all.parameters(), List.of());
    }

    StageResult result(String root, Attempt attempt) {
        StageOrder order = orders.get(attempt.key());
        SortedMap<String, Double> after = new TreeMap<>();
        SortedMap<String, Double> ofInput = new TreeMap<>();
        for (DataRef set : order.evaluation()) {
            after.put(set.name(), perplexity.getOrDefault(order.member(), 12.0));
            if (measuresParent && order.input().equals(order.parent())) {
                ofInput.put(set.name(), OF_PARENT);
            }
        }
        return new StageResult(
                1,
                attempt.key(),
                attempt.member(),
                digest(attempt.key()),
                new StorageLayout(root).attempt(attempt.key(), attempt.number()),
                order.cut().targetParameters(),
                4 * order.cut().targetParameters(),
                new TreeMap<>(Map.of("docs", 50.0)),
                after,
                ofInput,
                order.recovery().tokens(),
                600);
    }

    /** The digest of the member that a stage makes. */
    static String digest(String key) {
        return "sha256:made-" + key;
    }

    private static PreparedData data(String root, String key, String name, String uri) {
        String path = new StorageLayout(root).prepared(key) + "/" + name;
        return new PreparedData(new DataRef(name, path, "sha256:" + uri, 0), "r1", 50_000_000, 1000, 0);
    }

    /** The shape that {@code Shapes.tiny()} has. */
    private static JsonNode config() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("model_type", "llama")
                .put("num_hidden_layers", 2)
                .put("hidden_size", 64)
                .put("intermediate_size", 160)
                .put("num_attention_heads", 4)
                .put("num_key_value_heads", 2)
                .put("vocab_size", 300)
                .put("max_position_embeddings", 2048)
                .put("rms_norm_eps", 1e-5)
                .put("tie_word_embeddings", true);
    }
}
