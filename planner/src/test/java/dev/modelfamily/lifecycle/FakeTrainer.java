package dev.modelfamily.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.modelfamily.contract.DataRef;
import dev.modelfamily.contract.DataSource;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.PrepareOrder;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.PreparedData;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.contract.StageResult;
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
    private final Map<String, PrepareOrder> preparations = new HashMap<>();

    double perplexityOf(String member) {
        return perplexity.getOrDefault(member, 12.0);
    }

    /** An attempt at a stage was started. */
    void asked(StageOrder order) {
        orders.put(order.key(), order);
    }

    /** An attempt at a preparation was started. */
    void asked(String key, PrepareOrder order) {
        preparations.put(key, order);
    }

    PrepareResult preparation(String root, String key) {
        return preparation(root, key, preparations.get(key));
    }

    /** What a preparation finds: all that was asked for, or only what headers tell. */
    PrepareResult preparation(String root, String key, PrepareOrder order) {
        String path = new StorageLayout(root).prepared(key);
        List<PreparedData> data = order.headersOnly()
                ? List.of()
                : order.data().stream().map(source -> data(path, source)).toList();
        String digest = order.headersOnly() ? "" : "sha256:parent-" + order.parentUri();
        return new PrepareResult(1, new ModelRef(path + "/parent", digest), "abc123", config(), 53_824, data);
    }

    /** Of each member, in short. */
    static final String RANKS = "4-16, 3 of 14 matrices dense";

    StageResult result(String root, Attempt attempt) {
        StageOrder order = orders.get(attempt.key());
        SortedMap<String, Double> after = new TreeMap<>();
        SortedMap<String, Double> ofInput = new TreeMap<>();
        for (DataRef set : order.evaluation()) {
            after.put(set.name(), perplexityOf(order.member()));
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
                600,
                RANKS);
    }

    /** The digest of the member that a stage makes. */
    static String digest(String key) {
        return "sha256:made-" + key;
    }

    private static PreparedData data(String path, DataSource source) {
        DataRef ref = new DataRef(source.name(), path + "/" + source.name(), "sha256:" + source.uri(), 0);
        return new PreparedData(ref, "r1", 50_000_000, 1000, 0);
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
