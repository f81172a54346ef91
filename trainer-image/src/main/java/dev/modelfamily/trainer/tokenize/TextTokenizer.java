package dev.modelfamily.trainer.tokenize;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.data.ContentDigest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A Hugging Face {@code tokenizer.json}. Nothing is added to a text and nothing is cut off: no special tokens, no padding, no
 * truncation. Special tokens that are spelled out in a text are recognised, as everywhere in the Hugging Face tools.
 */
public final class TextTokenizer implements AutoCloseable {
    /** The library's own defaults truncate at 512 tokens and add special tokens. */
    private static final Map<String, String> OPTIONS =
            Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");

    private final HuggingFaceTokenizer tokenizer;
    private final TokenizerFile file;
    private final String digest;

    private TextTokenizer(HuggingFaceTokenizer tokenizer, TokenizerFile file, String digest) {
        this.tokenizer = tokenizer;
        this.file = file;
        this.digest = digest;
    }

    /** Opens the {@code tokenizer.json} at a path. */
    public static TextTokenizer open(Path tokenizerJson) {
        try {
            return of(Files.readAllBytes(tokenizerJson), tokenizerJson.toString());
        } catch (NoSuchFileException e) {
            throw new StageException(
                    ExitCode.NOT_FOUND,
                    tokenizerJson + " does not exist; a model needs its tokenizer.json beside the weights",
                    e);
        } catch (IOException e) {
            throw new StageException(ExitCode.UNREACHABLE, "cannot read " + tokenizerJson + ": " + e.getMessage(), e);
        }
    }

    /**
     * Opens a tokenizer from its bytes.
     *
     * @param name what to call it in an error
     * @throws StageException {@link ExitCode#BAD_DATA} where it is not a tokenizer
     */
    public static TextTokenizer of(byte[] tokenizerJson, String name) {
        try {
            JsonNode json = Json.mapper().readTree(tokenizerJson);
            if (json.isMissingNode() || !json.path("model").isObject()) {
                throw new StageException(
                        ExitCode.BAD_DATA, name + " is not a tokenizer: it has no object 'model'; fetch it again");
            }
            return new TextTokenizer(
                    load(tokenizerJson, name), new TokenizerFile(json), ContentDigest.of(tokenizerJson));
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private static HuggingFaceTokenizer load(byte[] tokenizerJson, String name) throws IOException {
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(tokenizerJson), OPTIONS);
        } catch (RuntimeException e) { // the native library has no type of its own for what it refuses
            throw unreadable(name, e);
        }
    }

    private static StageException unreadable(String name, Throwable e) {
        return new StageException(
                ExitCode.BAD_DATA, name + " is not a tokenizer that can be read: " + e.getMessage(), e);
    }

    /** {@code sha256:<64 hex digits>} of the bytes of {@code tokenizer.json}. */
    public String digest() {
        return digest;
    }

    /** One more than the largest id that the tokenizer can give. */
    public int vocabulary() {
        return file.vocabulary();
    }

    /**
     * The id that separates documents: the token that models of this kind are pre-trained with between documents where the
     * tokenizer has one, else the end-of-sequence id of the configuration. A chat model's own end of sequence ends a turn, so
     * it comes second.
     *
     * @param config a {@code config.json}
     * @throws StageException {@link ExitCode#BAD_DATA} where there is none
     */
    public int endOfText(JsonNode config) {
        return file.endOfText(config);
    }

    /**
     * Whether a text that is cut between a line end and a letter has the same ids in parts as in one piece, so that a long
     * text can be encoded as a stream.
     */
    public boolean cutsAtLines() {
        return file.cutsAtLines();
    }

    /** The ids of a text. */
    public int[] encode(String text) {
        return encodeAll(List.of(text)).getFirst();
    }

    /** The ids of each text, computed on all cores. */
    public List<int[]> encodeAll(List<String> texts) {
        // The library's own batch call also copies the text of every token and its place: several times the ids' bytes.
        TokenizersLibrary library = TokenizersLibrary.LIB;
        long[] encodings = library.batchEncode(tokenizer.getHandle(), texts.toArray(String[]::new), false);
        List<int[]> ids = new ArrayList<>(encodings.length);
        for (long encoding : encodings) {
            ids.add(Arrays.stream(library.getTokenIds(encoding))
                    .mapToInt(Math::toIntExact)
                    .toArray());
            library.deleteEncoding(encoding);
        }
        return ids;
    }

    /** The text of some ids, special tokens spelled out. */
    public String decode(int[] ids) {
        return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), false);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
