package dev.modelfamily.trainer.weights;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.SortedMap;

/**
 * A model that was opened for reading: a Hugging Face folder (stock or factored member) or a GGUF file.
 *
 * @param config in the shape of a Hugging Face {@code config.json}
 * @param weights in the Hugging Face naming and layout, whatever the file has
 * @param companions files that belong to the model and travel with its members, by name and content: at least
 *     {@code tokenizer.json}; where there are any {@code tokenizer_config.json}, {@code special_tokens_map.json},
 *     {@code generation_config.json}, {@code chat_template.jinja}
 * @param license the licence that the model card or the GGUF metadata names; empty where none does
 */
public record OpenModel(ObjectNode config, WeightSource weights, SortedMap<String, byte[]> companions, String license)
        implements AutoCloseable {
    @Override
    public void close() {
        weights.close();
    }
}
