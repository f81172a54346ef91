package dev.modelfamily.e2e.operator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.contract.DataRef;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.PrepareOrder;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.PreparedData;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.contract.StageResult;
import dev.modelfamily.e2e.cluster.Behaviour;
import dev.modelfamily.e2e.cluster.Behaviour.Step;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Pods that do what a trainer does as far as an operator can tell: they read their order and leave the result of it. */
final class PlayedTrainer implements Function<Pod, Behaviour> {
    /** How long whatever is done well takes. */
    private static final Duration SHORT = Duration.ofMillis(300);

    private final Map<String, Function<String, Behaviour>> plays = new ConcurrentHashMap<>();
    private volatile Function<String, Behaviour> usual = PlayedTrainer::well;

    /**
     * From now on attempts at a member, or at {@code parent} for the preparation, go so.
     *
     * @param play gets what the pod would leave if all went well
     */
    void play(String member, Function<String, Behaviour> play) {
        plays.put(member, play);
    }

    /** From now on attempts at all members and the preparation go so. */
    void playAll(Function<String, Behaviour> play) {
        usual = play;
    }

    /** From now on attempts at a member go well. */
    void playWell(String member) {
        plays.remove(member);
    }

    @Override
    public Behaviour apply(Pod pod) {
        String member = label(pod, "member");
        String message = switch (label(pod, "role")) {
            case "prepare" -> Json.line(prepared(order(pod, PrepareOrder.class)));
            case "stage" -> Json.line(made(order(pod, StageOrder.class)));
            default -> "";
        };
        return plays.getOrDefault(member, usual).apply(message);
    }

    private static Behaviour well(String message) {
        return Behaviour.play(new Step.Runs(SHORT), new Step.Exits(0, message));
    }

    private static PrepareResult prepared(PrepareOrder order) {
        List<PreparedData> data = order.data().stream()
                .map(source -> source.name())
                .distinct()
                .map(name -> new PreparedData(
                        new DataRef(name, order.output() + "/" + name, digest(name), 0), "1", 1_000_000, 1000, 0))
                .toList();
        return new PrepareResult(
                StageOrder.VERSION,
                new ModelRef(order.output() + "/parent", digest(order.parentUri())),
                "1",
                config(),
                361_024,
                data);
    }

    /** A little Llama: two layers of 128, a vocabulary of 512. */
    private static ObjectNode config() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("model_type", "llama")
                .put("num_hidden_layers", 2)
                .put("hidden_size", 128)
                .put("intermediate_size", 256)
                .put("num_attention_heads", 4)
                .put("num_key_value_heads", 4)
                .put("vocab_size", 512)
                .put("max_position_embeddings", 512)
                .put("tie_word_embeddings", true);
    }

    private static StageResult made(StageOrder order) {
        TreeMap<String, Double> perplexity = new TreeMap<>();
        order.evaluation().forEach(set -> perplexity.put(set.name(), 10.5));
        return new StageResult(
                StageOrder.VERSION,
                order.key(),
                order.member(),
                digest(order.key()),
                order.places().output(),
                order.cut().targetParameters(),
                4 * order.cut().targetParameters(),
                perplexity,
                perplexity,
                perplexity,
                order.recovery().tokens(),
                1,
                "");
    }

    private static <T> T order(Pod pod, Class<T> type) {
        try {
            return Json.mapper().readValue(pod.getMetadata().getAnnotations().get("modelfamily.dev/order"), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String label(Pod pod, String name) {
        return pod.getMetadata().getLabels().getOrDefault("modelfamily.dev/" + name, "");
    }

    private static String digest(String of) {
        String half = UUID.nameUUIDFromBytes(of.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
        return "sha256:" + half + half;
    }
}
