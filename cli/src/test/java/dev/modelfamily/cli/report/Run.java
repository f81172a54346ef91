package dev.modelfamily.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.api.v1alpha1.Allocation;
import dev.modelfamily.api.v1alpha1.MemberPlanStatus;
import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.api.v1alpha1.OnDataEnd;
import dev.modelfamily.api.v1alpha1.ParentStatus;
import dev.modelfamily.api.v1alpha1.Precision;
import dev.modelfamily.api.v1alpha1.ProgressStatus;
import dev.modelfamily.api.v1alpha1.RecoveryLoss;
import dev.modelfamily.api.v1alpha1.Recut;
import dev.modelfamily.api.v1alpha1.Schedule;
import dev.modelfamily.api.v1alpha1.Truncation;
import dev.modelfamily.contract.Cut;
import dev.modelfamily.contract.DataRef;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Manifest;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.PreparedData;
import dev.modelfamily.contract.Recovery;
import dev.modelfamily.contract.StageResult;
import dev.modelfamily.lifecycle.StorageLayout;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.ModelShapes;
import dev.modelfamily.planner.Parameters;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.yaml.snakeyaml.Yaml;

/** Builds the folder of a run as the executor and the trainer leave it, with curves and ranks as real stages have them. */
final class Run {
    private static final int BATCH = 8192;

    private final Path folder;
    private final StorageLayout layout;
    private final SortedMap<String, Double> parentPerplexity = new TreeMap<>();
    private final Map<String, MemberStatus> members = new LinkedHashMap<>();
    private final List<MemberPlanStatus> plans = new ArrayList<>();
    private final StringBuilder yamlMembers = new StringBuilder();
    private String name = "demo";
    private final List<Condition> conditions = new ArrayList<>();
    private String phase = "Succeeded";
    private String preset = "PLRD";
    private ObjectNode config;
    private ModelShape parent;
    private String lastDigest = digest("parent");
    private double lastKept = 1;

    private Run(Path folder) {
        this.folder = folder;
        this.layout = new StorageLayout(folder.toString());
        parent(2, 64, 160, 4, 2, 300);
    }

    static Run in(Path folder) {
        return new Run(folder);
    }

    Run named(String other) {
        name = other;
        return this;
    }

    Run phase(String other) {
        phase = other;
        return this;
    }

    Run preset(String other) {
        preset = other;
        return this;
    }

    Run condition(String type, String status, String reason, String message) {
        conditions.add(new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .build());
        return this;
    }

    Run parent(int layers, int hidden, int intermediate, int heads, int kvHeads, int vocabulary) {
        config = Json.mapper()
                .createObjectNode()
                .put("model_type", "llama")
                .put("num_hidden_layers", layers)
                .put("hidden_size", hidden)
                .put("intermediate_size", intermediate)
                .put("num_attention_heads", heads)
                .put("num_key_value_heads", kvHeads)
                .put("vocab_size", vocabulary)
                .put("tie_word_embeddings", true);
        parent = ModelShapes.of(config);
        return this;
    }

    /** An evaluation set, and the parent's perplexity on it. */
    Run set(String set, double perplexity) {
        parentPerplexity.put(set, perplexity);
        return this;
    }

    /** A member that is only planned. */
    Run pending(String member, double keep, int steps) {
        plan(member, keep, steps);
        members.put(member, MemberStatus.pending(member));
        return this;
    }

    /** A member in the middle of its recovery. */
    Run running(String member, double keep, int steps, int done) throws IOException {
        plan(member, keep, steps);
        Files.createDirectories(Path.of(layout.attempt(digest(member), 1)));
        Path checkpoints = Files.createDirectories(Path.of(layout.checkpoints(digest(member))));
        Curves.write(checkpoints, new Curves.Course(steps, done, BATCH, 6.1, 3.1, 0), Map.of());
        ProgressStatus progress =
                new ProgressStatus("recover", 100 * done / steps, (long) done * BATCH, "5210", "3.4", 540L, null);
        members.put(member, status(member, MemberState.Running, "", progress));
        return this;
    }

    /** A member that failed before it could train. */
    Run failed(String member, double keep, String message) {
        plan(member, keep, 100);
        members.put(member, status(member, MemberState.Failed, message, null));
        return this;
    }

    /**
     * A finished member.
     *
     * @param keep the share that linears keep
     * @param before the factor by which the cut makes perplexity worse
     * @param after the same after recovery
     */
    Run finished(String member, double keep, int steps, double before, double after) throws IOException {
        plan(member, keep, steps);
        ModelShape shape = parent.withRanks(Curves.ranks(parent, keep));
        Path attempt = Files.createDirectories(Path.of(layout.attempt(digest(member), 1)));
        double loss = Math.log(parentPerplexity.isEmpty() ? 20 : parentPerplexity.get(parentPerplexity.firstKey()));
        double less = preset.equals("Standard") ? loss : 0;
        Curves.write(
                attempt,
                new Curves.Course(steps, steps, BATCH, loss + Math.log(before), loss + Math.log(after), less),
                parentPerplexity);
        Json.writeAtomically(attempt.resolve("run.json"), result(member, shape, steps, before, after));
        Json.writeAtomically(attempt.resolve("manifest.json"), manifest(member, shape, steps, before, after));
        Files.createDirectories(folder.resolve("members"));
        Files.createSymbolicLink(
                folder.resolve("members").resolve(member),
                folder.resolve("members").relativize(attempt));
        members.put(member, status(member, MemberState.Succeeded, "", null));
        lastDigest = digest(member + " member");
        lastKept = keep;
        return this;
    }

    /** Writes what the executor keeps: the family with its status, and the preparation. */
    Path write() throws IOException {
        StringBuilder sets = new StringBuilder();
        parentPerplexity
                .keySet()
                .forEach(set -> sets.append("      - {name: %s, uri: file:%s.jsonl}%n".formatted(set, set)));
        String yaml = """
                apiVersion: modelfamily.dev/v1alpha1
                kind: ModelFamily
                metadata: {name: demo}
                spec:
                  parent: {uri: "file:parent"}
                  method: {preset: %s, rankMultiple: 8}
                  training: {batchTokens: "8192", sequenceLength: 512, learningRate: "3e-4"}
                  data:
                    training: {uri: "file:training.jsonl"}
                    evaluation:
                %s  members:
                %s""".formatted(preset, sets, yamlMembers);
        Files.writeString(folder.resolve("family.yaml"), yaml);
        ModelFamily family = read(ModelFamily.class, new Yaml().load(yaml));
        family.getMetadata().setName(name);
        family.setStatus(status());
        Json.writeAtomically(folder.resolve("family.json"), family);
        Path prepared = Files.createDirectories(Path.of(layout.prepared(digest("preparation"))));
        Json.writeAtomically(prepared.resolve("result.json"), preparation());
        return folder;
    }

    private ModelFamilyStatus status() {
        SortedMap<String, String> perplexity = new TreeMap<>();
        parentPerplexity.forEach((set, value) -> perplexity.put(set, value.toString()));
        ParentStatus resolved = new ParentStatus(
                "file:parent", digest("revision"), digest("parent"), "llama", Parameters.of(parent), perplexity);
        return read(
                ModelFamilyStatus.class,
                Map.of(
                        "phase", phase,
                        "parent", resolved,
                        "plan", Map.of("members", plans),
                        "members", members.values(),
                        "conditions", conditions));
    }

    /** A record that keeps growing, by the names of its fields. */
    private static <T> T read(Class<T> type, Map<String, ?> fields) {
        return Json.mapper().convertValue(fields, type);
    }

    private PrepareResult preparation() {
        List<PreparedData> data = new ArrayList<>();
        data.add(new PreparedData(new DataRef("training", "t", digest("t"), 0), digest("t"), 2_345_678, 4_321, 0));
        parentPerplexity
                .keySet()
                .forEach(set -> data.add(
                        new PreparedData(new DataRef(set, set, digest(set), 100), digest(set), 51_200, 87, 3)));
        return new PrepareResult(
                1,
                new ModelRef("parent", digest("parent")),
                digest("revision"),
                config,
                Parameters.of(parent),
                List.copyOf(data));
    }

    private void plan(String member, double keep, int steps) {
        long parameters = Parameters.of(parent.withRanks(Curves.ranks(parent, keep)));
        yamlMembers.append(
                "    - {name: %s, size: \"%d\", tokens: \"%d\"}%n".formatted(member, parameters, (long) steps * BATCH));
        plans.add(new MemberPlanStatus(
                member,
                parameters,
                "8-64, 12 of 210 matrices dense",
                4 * parameters,
                (long) steps * BATCH,
                "1.2e15",
                9 * parameters,
                "0.021",
                false));
    }

    private static MemberStatus status(String member, MemberState state, String message, ProgressStatus progress) {
        Map<String, Object> fields = new HashMap<>();
        fields.put("name", member);
        fields.put("state", state);
        fields.put("message", message);
        fields.put("key", digest(member));
        fields.put("attempt", 1);
        fields.put("startTime", "2026-03-01T12:00:00Z");
        fields.put("completionTime", state == MemberState.Succeeded ? "2026-03-01T12:21:40Z" : null);
        fields.put("progress", progress);
        return read(MemberStatus.class, fields);
    }

    private StageResult result(String member, ModelShape shape, int steps, double before, double after) {
        long parameters = Parameters.of(shape);
        return new StageResult(
                1,
                digest(member),
                member,
                digest(member + " member"),
                layout.attempt(digest(member), 1),
                parameters,
                4 * parameters,
                times(before),
                times(after),
                parentPerplexity,
                (long) steps * BATCH,
                steps * 1.3,
                "");
    }

    private Manifest manifest(String member, ModelShape shape, int steps, double before, double after) {
        Cut cut = new Cut(
                Truncation.Plain, Allocation.Uniform, Recut.SingleFactor, null, 8, Parameters.of(shape), shape.ranks());
        Recovery recovery = new Recovery(
                RecoveryLoss.LanguageModel,
                (long) steps * BATCH,
                BATCH,
                512,
                3e-4,
                Schedule.Cosine,
                0.02,
                0.01,
                1,
                Precision.Float32,
                0,
                600,
                OnDataEnd.Repeat,
                null);
        return new Manifest(
                1,
                digest(member),
                new TreeMap<>(),
                lastKept == 1 ? digest("parent") : lastDigest,
                digest("parent"),
                "file:parent",
                digest("data"),
                cut,
                recovery,
                Parameters.of(shape),
                times(before),
                times(after),
                new TreeMap<>(Map.of("trainer", "0.1.0", "djl", "0.36.0", "libtorch", "2.7.1")));
    }

    private SortedMap<String, Double> times(double factor) {
        SortedMap<String, Double> values = new TreeMap<>();
        double worse = factor;
        for (Map.Entry<String, Double> set : parentPerplexity.entrySet()) {
            values.put(set.getKey(), set.getValue() * worse);
            worse *= 1.15;
        }
        return values;
    }

    /** A digest of any text. */
    static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The folder of a member's first attempt. */
    Path attempt(String member) {
        return Path.of(layout.attempt(digest(member), 1));
    }
}
