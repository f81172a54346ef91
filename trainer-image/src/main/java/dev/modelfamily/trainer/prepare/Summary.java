package dev.modelfamily.trainer.prepare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.PrepareResult;
import java.util.List;
import java.util.Map;

/** A result for a place that holds little, such as a pod's termination message of 4 KiB. */
final class Summary {
    /** Longer lists and texts of a configuration say nothing of a model's shape. */
    private static final int LONGEST_VALUE = 200;

    /** What a plan reads although it may be long: the ranks of a factored parent. */
    private static final List<String> KEPT = List.of("ranks", "layer_types");

    private Summary() {}

    /** The same result with a configuration that is short but still gives the shape of the model. */
    static PrepareResult of(PrepareResult result) {
        ObjectNode config = Json.mapper().createObjectNode();
        for (Map.Entry<String, JsonNode> field : result.config().properties()) {
            if (KEPT.contains(field.getKey()) || Json.line(field.getValue()).length() <= LONGEST_VALUE) {
                config.set(field.getKey(), field.getValue());
            }
        }
        return new PrepareResult(
                result.version(), result.parent(), result.revision(), config, result.parameters(), result.data());
    }
}
