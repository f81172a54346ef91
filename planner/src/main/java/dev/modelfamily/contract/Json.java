package dev.modelfamily.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The one JSON mapper of the contract: keys in the order of the records, unknown fields refused, one version. */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private Json() {}

    /** The shared mapper. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /** One line of JSON. */
    public static String line(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new StageException(
                    ExitCode.BUG, "cannot write " + value.getClass().getSimpleName() + " as JSON", e);
        }
    }

    /**
     * Reads a record from a file.
     *
     * @throws StageException {@link ExitCode#NOT_FOUND} where the file is missing, {@link ExitCode#BAD_ORDER} where it is not
     *     the JSON of that record
     */
    public static <T> T read(Path file, Class<T> type) {
        try {
            return MAPPER.readValue(Files.readAllBytes(file), type);
        } catch (NoSuchFileException e) {
            throw new StageException(ExitCode.NOT_FOUND, file + " does not exist", e);
        } catch (JsonProcessingException e) {
            throw new StageException(
                    ExitCode.BAD_ORDER,
                    file + " is not a valid " + type.getSimpleName() + ": " + e.getOriginalMessage(),
                    e);
        } catch (IOException e) {
            throw new StageException(ExitCode.UNREACHABLE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** The bytes that {@link #writeAtomically} writes. */
    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new StageException(
                    ExitCode.BUG, "cannot write " + value.getClass().getSimpleName() + " as JSON", e);
        }
    }

    /** Writes a file so that it exists with all of its bytes or not at all: a temporary file, synced, then renamed. */
    public static void writeAtomically(Path file, Object value) {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        byte[] bytes = bytes(value);
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new StageException(ExitCode.UNREACHABLE, "cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
