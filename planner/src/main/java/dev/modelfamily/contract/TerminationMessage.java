package dev.modelfamily.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * How a result passes through a pod's termination message, of which Kubernetes keeps 4096 bytes: as it is where it fits, else
 * as {@code gzip:} and Base64. Digests hardly shrink, so some fifteen data sets still fit.
 */
public final class TerminationMessage {
    /** Bytes of a message that survive. */
    public static final int MAX_BYTES = 4096;

    private static final String PACKED = "gzip:";

    private TerminationMessage() {}

    /** The line itself where it fits, else packed; that may still be too long, and is then the shortest that there is. */
    public static String of(String line) {
        return bytes(line).length <= MAX_BYTES ? line : PACKED + pack(line);
    }

    /** The record that a trainer left; empty where the message is none, such as the last words of a failure. */
    public static <T> Optional<T> read(String message, Class<T> type) {
        try {
            String text = message.strip();
            String line = text.startsWith(PACKED) ? unpack(text.substring(PACKED.length())) : text;
            return line.startsWith("{") ? Optional.of(Json.mapper().readValue(line, type)) : Optional.empty();
        } catch (JsonProcessingException | UncheckedIOException | IllegalArgumentException e) {
            return Optional.empty(); // cut short, or not the record that was looked for
        }
    }

    private static String pack(String line) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes(line));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(packed.toByteArray());
    }

    private static String unpack(String base64) {
        byte[] packed = Base64.getDecoder().decode(base64);
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
