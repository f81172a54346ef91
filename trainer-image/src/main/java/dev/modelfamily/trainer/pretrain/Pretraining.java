package dev.modelfamily.trainer.pretrain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.api.v1alpha1.OnDataEnd;
import dev.modelfamily.api.v1alpha1.Precision;
import dev.modelfamily.api.v1alpha1.RecoveryLoss;
import dev.modelfamily.api.v1alpha1.Schedule;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Recovery;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.trainer.data.PackedBatches;
import dev.modelfamily.trainer.data.TokenSet;
import dev.modelfamily.trainer.data.TokenSetWriter;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Layout;
import dev.modelfamily.trainer.recover.CheckpointState;
import dev.modelfamily.trainer.recover.Checkpoints;
import dev.modelfamily.trainer.recover.Course;
import dev.modelfamily.trainer.recover.Milestones;
import dev.modelfamily.trainer.recover.RecoveryRun;
import dev.modelfamily.trainer.recover.StopSignal;
import dev.modelfamily.trainer.report.Reporter;
import dev.modelfamily.trainer.report.Stopwatch;
import dev.modelfamily.trainer.tokenize.BpeTrainer;
import dev.modelfamily.trainer.tokenize.TextTokenizer;
import dev.modelfamily.trainer.torch.Tensor;
import dev.modelfamily.trainer.weights.ElementType;
import dev.modelfamily.trainer.weights.SafetensorsWriter;
import dev.modelfamily.trainer.weights.TensorToWrite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Trains a small Llama-type model from scratch on a file of JSON lines: its own tokenizer first, then the weights. Resumes from
 * its checkpoints like a stage.
 */
public final class Pretraining {
    private final Path texts;
    private final Path work;
    private final Settings settings;

    /**
     * What the model is and how long it is trained.
     *
     * @param vocabulary tokens of the tokenizer
     * @param tokens to train on
     * @param batchTokens of one optimizer step
     */
    public record Settings(
            int vocabulary,
            int hidden,
            int intermediate,
            int layers,
            int heads,
            int kvHeads,
            int sequenceLength,
            long tokens,
            int batchTokens,
            double learningRate,
            long seed) {
        /** The shape of the model. */
        public ModelShape shape() {
            return new ModelShape(
                    "llama",
                    layers,
                    hidden,
                    intermediate,
                    heads,
                    kvHeads,
                    hidden / heads,
                    vocabulary,
                    sequenceLength,
                    true,
                    false,
                    false,
                    false,
                    false,
                    0,
                    1e-5,
                    10_000,
                    Optional.empty(),
                    new TreeMap<>());
        }

        Recovery recovery() {
            return new Recovery(
                    RecoveryLoss.LanguageModel,
                    tokens,
                    batchTokens,
                    sequenceLength,
                    learningRate,
                    Schedule.Cosine,
                    0.02,
                    0.1,
                    1,
                    Precision.Float32,
                    seed,
                    120,
                    OnDataEnd.Repeat,
                    null);
        }
    }

    /**
     * A training that keeps its tokenizer, tokens and checkpoints in a folder.
     *
     * @param texts the corpus, JSON lines with a string under {@code "text"}
     */
    public Pretraining(Path texts, Path work, Settings settings) {
        this.texts = texts;
        this.work = work;
        this.settings = settings;
    }

    /** The folder of the tokenizer. */
    public Path tokenizer() {
        return work.resolve("tokenizer");
    }

    /**
     * Trains to the end, or until a stop is asked for.
     *
     * @return the model, or empty where it was stopped; the next run goes on
     */
    public Optional<LanguageModel> run(Reporter reporter, StopSignal stop) {
        Stopwatch time = Stopwatch.started();
        if (!Files.exists(tokenizer().resolve("tokenizer.json"))) {
            BpeTrainer trainer = new BpeTrainer();
            forEachText(trainer::add);
            trainer.train(settings.vocabulary()).write(tokenizer());
        }
        Path tokens = work.resolve("tokens");
        if (!Files.exists(tokens.resolve("manifest.json"))) {
            tokenise(tokens);
        }
        Checkpoints checkpoints = new Checkpoints(work.resolve("checkpoints"));
        try (TokenSet set = TokenSet.open(tokens);
                Course course = Course.in(work)) {
            Optional<Checkpoints.Found> found = checkpoints.newest(key(), course);
            LanguageModel model = found.isPresent()
                    ? LanguageModel.empty(settings.shape())
                    : Initialization.of(settings.shape(), settings.seed());
            Recovery order = settings.recovery();
            PackedBatches batches = new PackedBatches(set, order.sequenceLength(), order.seed(), order.onDataEnd());
            CheckpointState start = CheckpointState.start(key());
            try (RecoveryRun run = new RecoveryRun(
                    model,
                    Optional.empty(),
                    order,
                    batches,
                    checkpoints,
                    course,
                    Milestones.NONE,
                    start,
                    found,
                    time)) {
                if (run.run(reporter, stop)) {
                    return Optional.of(model);
                }
            }
            model.close();
            return Optional.empty();
        }
    }

    private String key() {
        return "pretrain " + settings;
    }

    private void tokenise(Path folder) {
        try (TextTokenizer tokenizer = TextTokenizer.open(tokenizer().resolve("tokenizer.json"));
                TokenSetWriter writer = new TokenSetWriter(folder, settings.vocabulary(), 0)) {
            forEachText(text -> {
                writer.append(tokenizer.encode(text));
                writer.endDocument();
            });
            writer.finish(0, tokenizer.digest(), texts.toString(), "");
        }
    }

    private void forEachText(Consumer<String> consumer) {
        try {
            List<String> lines = Files.readAllLines(texts);
            for (int i = 0; i < lines.size(); i++) {
                consumer.accept(text(lines.get(i), i + 1));
            }
        } catch (IOException e) {
            throw new StageException(ExitCode.NOT_FOUND, "cannot read " + texts + ": " + e.getMessage(), e);
        }
    }

    private String text(String line, int number) {
        try {
            JsonNode node = Json.mapper().readTree(line);
            if (node.path("text").isTextual()) {
                return node.path("text").textValue();
            }
            throw new StageException(ExitCode.BAD_DATA, texts + ":" + number + ": no field \"text\" with a string");
        } catch (JsonProcessingException e) {
            throw new StageException(
                    ExitCode.BAD_DATA, texts + ":" + number + ": not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Writes the model as a Hugging Face folder: weights, configuration, tokenizer.
     *
     * @param type of the weights in the file
     */
    public void write(LanguageModel model, ElementType type, Path folder) {
        List<TensorToWrite> tensors = new ArrayList<>();
        for (int i = 0; i < model.tensors().size(); i++) {
            Layout.Slot slot = model.layout().slots().get(i);
            Tensor tensor = model.tensors().get(i);
            tensors.add(new TensorToWrite(slot.name(), type, slot.shape(), pieces -> tensor.read(pieces::read)));
        }
        SafetensorsWriter.write(folder, "model", tensors, SafetensorsWriter.SHARD_BYTES);
        Json.writeAtomically(folder.resolve("config.json"), config());
        try (Stream<Path> files = Files.list(tokenizer())) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new StageException(ExitCode.UNREACHABLE, "cannot write to " + folder + ": " + e.getMessage(), e);
        }
    }

    private ObjectNode config() {
        ObjectNode config = Json.mapper().createObjectNode();
        config.putArray("architectures").add("LlamaForCausalLM");
        config.put("attention_bias", false);
        config.put("attention_dropout", 0.0);
        config.put("bos_token_id", 0);
        config.put("eos_token_id", 0);
        config.put("head_dim", settings.hidden() / settings.heads());
        config.put("hidden_act", "silu");
        config.put("hidden_size", settings.hidden());
        config.put("initializer_range", 0.02);
        config.put("intermediate_size", settings.intermediate());
        config.put("max_position_embeddings", settings.sequenceLength());
        config.put("mlp_bias", false);
        config.put("model_type", "llama");
        config.put("num_attention_heads", settings.heads());
        config.put("num_hidden_layers", settings.layers());
        config.put("num_key_value_heads", settings.kvHeads());
        config.put("rms_norm_eps", 1e-5);
        config.put("rope_theta", 10000.0);
        config.put("tie_word_embeddings", true);
        config.put("torch_dtype", "bfloat16");
        config.put("use_cache", true);
        config.put("vocab_size", settings.vocabulary());
        return config;
    }
}
