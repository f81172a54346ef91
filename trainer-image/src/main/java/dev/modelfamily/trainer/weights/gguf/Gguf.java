package dev.modelfamily.trainer.weights.gguf;

import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.weights.OpenModel;
import java.nio.file.Path;

/** Opens GGUF files. */
public final class Gguf {
    private Gguf() {}

    /**
     * Opens a model: names, layout, config and tokenizer as a Hugging Face folder has them. Reads the header alone; tensors
     * are decoded when they are asked for.
     *
     * @throws StageException {@code NOT_FOUND} where there is no such file; {@code BAD_DATA} where it is damaged, or its
     *     version, architecture, tokenizer or a tensor's type is not supported: which is named
     */
    public static OpenModel open(Path file) {
        GgufSource source = GgufSource.open(file);
        boolean whole = false;
        try {
            Metadata metadata = source.header().metadata();
            OpenModel model = new OpenModel(
                    GgufConfig.of(source),
                    source,
                    GgufTokenizer.files(metadata),
                    metadata.text("general.license").orElse(""));
            whole = true;
            return model;
        } finally {
            if (!whole) {
                source.close();
            }
        }
    }
}
