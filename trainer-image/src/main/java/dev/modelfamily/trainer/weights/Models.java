package dev.modelfamily.trainer.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.weights.gguf.Gguf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Opens models for reading, whatever their format. */
public final class Models {
    /** The configuration in a Hugging Face folder. */
    public static final String CONFIG = "config.json";

    /** The tokenizer in a Hugging Face folder. */
    public static final String TOKENIZER = "tokenizer.json";

    /** Files that travel with a model where they are there. */
    public static final List<String> COMPANIONS = List.of(
            TOKENIZER,
            "tokenizer_config.json",
            "special_tokens_map.json",
            "generation_config.json",
            "chat_template.jinja");

    private static final String EMBEDDING = "model.embed_tokens.weight";

    private static final Pattern FRONT_MATTER =
            Pattern.compile("\\A---\\R(.*?)^---", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern LICENSE =
            Pattern.compile("^license:\\s*(?:-\\s*)?[\"']?([^\\s\"'#]+)", Pattern.MULTILINE);

    private Models() {}

    /**
     * Opens a Hugging Face folder, a GGUF file, or a folder that holds one GGUF file and no {@code config.json}. Only headers
     * are read: tensors are mapped and decoded when they are asked for. That the tokenizer fits the embedding is checked.
     *
     * @throws StageException {@link ExitCode#NOT_FOUND} where the model or a file that it needs is missing,
     *     {@link ExitCode#BAD_DATA} where one is damaged or of a kind that is not supported
     */
    public static OpenModel open(Path model) {
        Optional<Path> gguf = gguf(model);
        OpenModel opened = gguf.map(Gguf::open).orElseGet(() -> openFolder(model));
        boolean whole = false;
        try {
            checkVocabulary(gguf.orElse(model), opened);
            whole = true;
            return opened;
        } finally {
            if (!whole) {
                opened.close();
            }
        }
    }

    /**
     * The digest of what a model computes: for a GGUF file that of its bytes; for a folder that of the lines
     * {@code NAME SHA256} of its weights, config and tokenizer files, sorted by name.
     *
     * @param progress gets the number of bytes that were read since its last call
     * @return {@code sha256:<64 hex digits>}
     * @throws StageException as {@link #open}
     */
    public static String digest(Path model, LongConsumer progress) {
        return gguf(model)
                .map(file -> ModelDigest.ofFile(file, progress))
                .orElseGet(() -> ModelDigest.ofFolder(model, progress));
    }

    /**
     * How many bytes {@link #digest} reads.
     *
     * @throws StageException as {@link #open}
     */
    public static long bytes(Path model) {
        return gguf(model).map(file -> file.toFile().length()).orElseGet(() -> ModelDigest.bytes(model));
    }

    /** The GGUF file that a path means; empty where it means a Hugging Face folder. */
    static Optional<Path> gguf(Path model) {
        if (!Files.exists(model)) {
            throw new StageException(ExitCode.NOT_FOUND, model + " does not exist");
        }
        if (!Files.isDirectory(model)) {
            return Optional.of(model);
        }
        if (Files.exists(model.resolve(CONFIG))) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(model)) {
            List<Path> found = files.filter(file -> file.toString().endsWith(".gguf"))
                    .sorted()
                    .toList();
            if (found.size() > 1) {
                throw new StageException(
                        ExitCode.BAD_DATA,
                        model + " holds " + found.size() + " GGUF files; name one of them: " + found);
            }
            return found.stream().findFirst();
        } catch (IOException e) {
            throw MappedFile.unreadable(model, e);
        }
    }

    private static OpenModel openFolder(Path folder) {
        ObjectNode config = object(folder.resolve(CONFIG));
        SortedMap<String, byte[]> companions = new TreeMap<>();
        for (String name : COMPANIONS) {
            if (Files.exists(folder.resolve(name))) {
                companions.put(name, MappedFile.bytes(folder.resolve(name)));
            }
        }
        if (!companions.containsKey(TOKENIZER)) {
            throw new StageException(
                    ExitCode.NOT_FOUND,
                    folder + " has no " + TOKENIZER + "; transformers writes one with"
                            + " AutoTokenizer.from_pretrained(...).save_pretrained(...)");
        }
        return new OpenModel(config, SafetensorsSource.openFolder(folder), companions, license(folder));
    }

    private static String license(Path folder) {
        Path card = folder.resolve("README.md");
        if (!Files.exists(card)) {
            return "";
        }
        Matcher front = FRONT_MATTER.matcher(new String(MappedFile.bytes(card), StandardCharsets.UTF_8));
        Matcher license = LICENSE.matcher(front.find() ? front.group(1) : "");
        return license.find() ? license.group(1) : "";
    }

    private static ObjectNode object(Path file) {
        return object(file, MappedFile.bytes(file));
    }

    private static ObjectNode object(Path file, byte[] content) {
        try {
            JsonNode json = Json.mapper().readTree(content);
            if (json instanceof ObjectNode object) {
                return object;
            }
            throw new StageException(ExitCode.BAD_DATA, file + " is not a JSON object");
        } catch (IOException e) {
            throw new StageException(ExitCode.BAD_DATA, file + " is not JSON: " + e.getMessage(), e);
        }
    }

    private static void checkVocabulary(Path model, OpenModel opened) {
        TensorInfo embedding = opened.weights().tensors().get(EMBEDDING);
        if (embedding == null) {
            throw new StageException(ExitCode.BAD_DATA, model + " has no tensor " + EMBEDDING);
        }
        long rows = embedding.shape().isEmpty() ? 0 : embedding.shape().getFirst();
        // One without it is refused where its shape is read.
        long declared = opened.config().path("vocab_size").asLong(rows);
        if (declared != rows) {
            throw new StageException(
                    ExitCode.BAD_DATA,
                    model + " has vocab_size " + declared + " in its config but " + rows + " rows in " + EMBEDDING);
        }
        Path file = model.resolve(TOKENIZER);
        long highest = highestId(object(file, opened.companions().get(TOKENIZER)));
        if (highest >= rows) {
            throw new StageException(
                    ExitCode.BAD_DATA,
                    model + " has a tokenizer with token ids up to " + highest + " but an embedding of " + rows
                            + " rows; they belong to different models");
        }
        if (highest < 0) {
            throw new StageException(ExitCode.BAD_DATA, file + " has no tokens");
        }
    }

    private static long highestId(ObjectNode tokenizer) {
        JsonNode vocabulary = tokenizer.path("model").path("vocab");
        // A Unigram vocabulary is a list, all others map tokens to ids.
        long highest = vocabulary.isArray() ? vocabulary.size() - 1 : -1;
        if (vocabulary.isObject()) {
            for (JsonNode id : vocabulary) {
                highest = Math.max(highest, id.asLong(-1));
            }
        }
        for (JsonNode token : tokenizer.path("added_tokens")) {
            highest = Math.max(highest, token.path("id").asLong(-1));
        }
        return highest;
    }
}
