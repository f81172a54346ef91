package dev.modelfamily.trainer.stage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.api.v1alpha1.Allocation;
import dev.modelfamily.api.v1alpha1.OnDataEnd;
import dev.modelfamily.api.v1alpha1.Precision;
import dev.modelfamily.api.v1alpha1.RecoveryLoss;
import dev.modelfamily.api.v1alpha1.Recut;
import dev.modelfamily.api.v1alpha1.Schedule;
import dev.modelfamily.api.v1alpha1.Truncation;
import dev.modelfamily.contract.Calibration;
import dev.modelfamily.contract.Cut;
import dev.modelfamily.contract.DataRef;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.Places;
import dev.modelfamily.contract.Recovery;
import dev.modelfamily.contract.Reporting;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.planner.Linear;
import dev.modelfamily.planner.Linears;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.Parameters;
import dev.modelfamily.planner.Shapes;
import dev.modelfamily.trainer.data.TokenSet;
import dev.modelfamily.trainer.data.TokenSetWriter;
import dev.modelfamily.trainer.model.Layout;
import dev.modelfamily.trainer.tokenize.BpeTrainer;
import dev.modelfamily.trainer.tokenize.BpeVocabulary;
import dev.modelfamily.trainer.tokenize.TextTokenizer;
import dev.modelfamily.trainer.weights.ElementType;
import dev.modelfamily.trainer.weights.Models;
import dev.modelfamily.trainer.weights.SafetensorsWriter;
import dev.modelfamily.trainer.weights.TensorToWrite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** A parent of 140 thousand random weights with a tokenizer of its own, texts for it, and orders to cut it. */
public final class TinyFamily {
    /** The tokens of a sequence and of a window. */
    public static final int LENGTH = 32;

    private final Path folder;
    private final ModelShape shape;

    /** A family of a Llama in a folder that is empty. */
    public TinyFamily(Path folder) {
        this(folder, Shapes.tiny(128));
    }

    /** A family of another architecture. */
    public TinyFamily(Path folder, ModelShape shape) {
        this.folder = folder;
        this.shape = shape;
        tokenizer().write(parent());
        writeWeights(parent(), shape, 1);
        write(parent().resolve("config.json"), Json.bytes(config()));
        write(
                parent().resolve("README.md"),
                "---\nlicense: apache-2.0\n---\n# Tiny\n".getBytes(StandardCharsets.UTF_8));
        tokens("training", 40_000, 2);
        tokens("docs", 2_000, 3);
        tokens("novel", 2_000, 4);
    }

    public Path parent() {
        return folder.resolve("parent");
    }

    public Path output(String member, int attempt) {
        return folder.resolve(member).resolve("attempt-" + attempt);
    }

    public Path checkpoints(String member) {
        return folder.resolve(member).resolve("checkpoints");
    }

    public Path data(String name) {
        return folder.resolve("data").resolve(name);
    }

    /** The order of the first stage: the parent, cut to half of each linear's break-even rank. */
    public StageOrder order(String member) {
        ModelRef parent = new ModelRef(parent().toString(), Models.digest(parent(), n -> {}));
        return order(member, parent, 0.5, Recut.Product);
    }

    /** The order of a stage that cuts a model to a share of each linear's break-even rank. */
    public StageOrder order(String member, ModelRef input, double share, Recut recut) {
        return new StageOrder(
                StageOrder.VERSION,
                "sha256:" + member,
                "tiny",
                member,
                1,
                input,
                new ModelRef(parent().toString(), Models.digest(parent(), n -> {})),
                "hf://example/tiny@main",
                data("training", 0),
                null,
                List.of(data("docs", 0), data("novel", 20)),
                cut(share, recut),
                recovery(20),
                new Places(output(member, 1).toString(), checkpoints(member).toString()),
                new Reporting(0, 1, 1));
    }

    /** The same stage by this project's own method, to a share of all parameters. */
    public StageOrder standard(StageOrder order, double share) {
        long target = Math.round(share * Parameters.of(shape));
        Cut cut = new Cut(Truncation.TwoSided, Allocation.Global, Recut.Product, null, 1, target, new TreeMap<>());
        StageOrder measured = Stages.with(order, cut, new Calibration(data("training", 0), 600));
        return Stages.with(measured, Stages.distilling(order.recovery()));
    }

    /** Makes the member of {@link #order(String)}. */
    public Path makeMember(String member) {
        return Path.of(Stages.run(order(member)).path());
    }

    public DataRef data(String name, int maxWindows) {
        return new DataRef(
                name, data(name).toString(), TokenSet.manifest(data(name)).digest(), maxWindows);
    }

    private Cut cut(double share, Recut recut) {
        SortedMap<String, Integer> ranks = new TreeMap<>();
        for (Linear linear : Linears.of(shape)) {
            ranks.put(linear.name(), (int) Math.max(1, linear.breakEven() * share));
        }
        return new Cut(Truncation.Plain, Allocation.Uniform, recut, null, 1, 0, ranks);
    }

    /** Recovery of so many steps, with a checkpoint after each. */
    public static Recovery recovery(int steps) {
        return new Recovery(
                RecoveryLoss.LanguageModel,
                steps * 4L * LENGTH,
                4 * LENGTH,
                LENGTH,
                3e-3,
                Schedule.Cosine,
                0.1,
                0.01,
                1,
                Precision.Float32,
                7,
                0,
                OnDataEnd.Repeat,
                null);
    }

    private static BpeVocabulary tokenizer() {
        BpeTrainer trainer = new BpeTrainer();
        trainer.add("low lower lowest new newer newest wide wider widest the end of the text and then some more of it");
        return trainer.train(270);
    }

    /** Random weights of a shape; the same seed gives the same bytes. */
    static void writeWeights(Path folder, ModelShape shape, long seed) {
        Random random = new Random(seed);
        List<TensorToWrite> tensors = new ArrayList<>();
        for (Layout.Slot slot : Layout.of(shape).slots()) {
            tensors.add(TensorToWrite.filled(
                    slot.name(), ElementType.BF16, slot.shape(), memory -> fill(slot, memory, random)));
        }
        SafetensorsWriter.write(folder, "model", tensors, SafetensorsWriter.SHARD_BYTES);
    }

    private static void fill(Layout.Slot slot, MemorySegment memory, Random random) {
        for (long i = 0; i < slot.elements(); i++) {
            double value = slot.decayed() ? 0.1 * random.nextGaussian() : 1 + 0.1 * random.nextGaussian();
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) value);
        }
    }

    private ObjectNode config() {
        ObjectNode config = Json.mapper().createObjectNode();
        config.putArray("architectures").add(architecture() + "ForCausalLM");
        config.put("model_type", shape.modelType());
        config.put("hidden_size", shape.hidden());
        config.put("intermediate_size", shape.intermediate());
        config.put("num_hidden_layers", shape.layers());
        config.put("num_attention_heads", shape.heads());
        config.put("num_key_value_heads", shape.kvHeads());
        config.put("head_dim", shape.headDim());
        config.put("vocab_size", shape.vocabulary());
        config.put("max_position_embeddings", shape.maxPositions());
        config.put("rms_norm_eps", shape.normEps());
        config.put("rope_theta", shape.ropeTheta());
        config.put("hidden_act", "silu");
        config.put("tie_word_embeddings", shape.tied());
        config.put("bos_token_id", 0);
        config.put("eos_token_id", 0);
        config.put("torch_dtype", "bfloat16");
        config.put("attention_bias", shape.outputBias());
        config.put("mlp_bias", shape.mlpBias());
        shape.ropeScaling()
                .ifPresent(scaling -> config.putObject("rope_scaling")
                        .put("rope_type", "llama3")
                        .put("factor", scaling.factor())
                        .put("low_freq_factor", scaling.lowFreqFactor())
                        .put("high_freq_factor", scaling.highFreqFactor())
                        .put("original_max_position_embeddings", scaling.originalMaxPositions()));
        if (shape.slidingWindow() > 0) {
            config.put("sliding_window", shape.slidingWindow());
        } else {
            config.putNull("sliding_window");
        }
        return config;
    }

    private String architecture() {
        return shape.modelType().substring(0, 1).toUpperCase(Locale.ROOT)
                + shape.modelType().substring(1);
    }

    /** Ids in which the next depends on the last, so that there is something to learn. */
    private void tokens(String name, int count, long seed) {
        Random random = new Random(seed);
        int[] ids = new int[count];
        for (int i = 1; i < count; i++) {
            ids[i] = random.nextInt(4) == 0 ? random.nextInt(270) : (ids[i - 1] * 7 + 3) % 270;
        }
        try (TextTokenizer tokenizer = TextTokenizer.open(parent().resolve("tokenizer.json"));
                TokenSetWriter writer = new TokenSetWriter(data(name), tokenizer.vocabulary(), 0)) {
            writer.append(ids);
            writer.endDocument();
            writer.finish(0, tokenizer.digest(), name, "");
        }
    }

    static void write(Path file, byte[] content) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
