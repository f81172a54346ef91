package dev.modelfamily.trainer.prepare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.ModelShapes;
import dev.modelfamily.trainer.model.Layout;
import dev.modelfamily.trainer.tokenize.BpeTrainer;
import dev.modelfamily.trainer.weights.ElementType;
import dev.modelfamily.trainer.weights.SafetensorsWriter;
import dev.modelfamily.trainer.weights.TensorToWrite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Llama of two layers and 270 tokens, as a Hugging Face folder. */
public final class TinyModel {
    private static final int VOCABULARY = 270;

    private long shardBytes = SafetensorsWriter.SHARD_BYTES;
    private int rows = VOCABULARY;

    private TinyModel() {}

    public static TinyModel whole() {
        return new TinyModel();
    }

    /** In shards of about so many bytes. */
    public TinyModel sharded(long bytes) {
        shardBytes = bytes;
        return this;
    }

    /** With an embedding of so many rows, whatever the tokenizer has. */
    public TinyModel rows(int number) {
        rows = number;
        return this;
    }

    /** The configuration. */
    public ObjectNode config() {
        return Json.mapper()
                .createObjectNode()
                .put("model_type", "llama")
                .put("num_hidden_layers", 2)
                .put("hidden_size", 16)
                .put("intermediate_size", 32)
                .put("num_attention_heads", 4)
                .put("num_key_value_heads", 2)
                .put("vocab_size", rows)
                .put("max_position_embeddings", 64)
                .put("tie_word_embeddings", true)
                .put("eos_token_id", 0);
    }

    /** Writes config, weights, tokenizer and model card. */
    public Path write(Path folder) {
        ModelShape shape = ModelShapes.of(config());
        List<TensorToWrite> tensors =
                Layout.of(shape).slots().stream().map(TinyModel::tensor).toList();
        SafetensorsWriter.write(folder, "model", tensors, shardBytes);
        BpeTrainer tokenizer = new BpeTrainer();
        tokenizer.add("some words and other words to learn from, wider and wider");
        tokenizer.train(VOCABULARY).write(folder);
        try {
            Files.writeString(folder.resolve("config.json"), config().toPrettyString());
            Files.writeString(folder.resolve("README.md"), "---\nlicense: apache-2.0\n---\n# Tiny\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    private static TensorToWrite tensor(Layout.Slot slot) {
        float[] values = new float[Math.toIntExact(slot.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(slot.name().hashCode() + i);
        }
        return new TensorToWrite(
                slot.name(), ElementType.F32, slot.shape(), reader -> reader.read(0, MemorySegment.ofArray(values)));
    }
}
