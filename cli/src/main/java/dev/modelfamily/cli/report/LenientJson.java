package dev.modelfamily.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads the files of a run, of which each may be missing, damaged or of another release. What cannot be read is named in the
 * notes and left out.
 */
final class LenientJson {
    static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final int NAMED_LINES = 5;

    private final Path root;
    private final List<String> notes;

    /**
     * @param root the folder that files are named from
     * @param notes gets a sentence for each thing that cannot be read
     */
    LenientJson(Path root, List<String> notes) {
        this.root = root;
        this.notes = notes;
    }

    /** The JSON of a file; empty where it is missing or damaged. */
    <T> Optional<T> read(Path file, Class<T> type) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(MAPPER.readValue(Files.readAllBytes(file), type));
        } catch (JsonProcessingException e) {
            notes.add(name(file) + " is damaged and was left out: " + e.getOriginalMessage());
        } catch (IOException e) {
            notes.add(name(file) + " cannot be read and was left out: " + e.getMessage());
        }
        return Optional.empty();
    }

    /**
     * Hands over the JSON objects of a file, one a line. A last line without its end is still being written, so it is left out
     * without a note.
     *
     * @param taker says whether the line is of use
     */
    void readLines(Path file, Predicate<JsonNode> taker) {
        if (!Files.exists(file)) {
            return;
        }
        List<Long> damaged = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            long number = 0;
            String line = reader.readLine();
            while (line != null) {
                number++;
                String next = reader.readLine();
                boolean beingWritten = next == null && !line.endsWith("}");
                if (!line.isBlank() && !beingWritten && !takes(taker, line)) {
                    damaged.add(number);
                }
                line = next;
            }
        } catch (IOException e) {
            notes.add(name(file) + " cannot be read to its end: " + e.getMessage());
        }
        if (!damaged.isEmpty()) {
            notes.add(name(file) + ": " + described(damaged) + " damaged and left out");
        }
    }

    private static boolean takes(Predicate<JsonNode> taker, String line) {
        try {
            // Bytes were read as they are, so that bytes that are no UTF-8 damage only their own line.
            JsonNode json = MAPPER.readTree(line.getBytes(StandardCharsets.ISO_8859_1));
            return json.isObject() && taker.test(json);
        } catch (IOException e) {
            return false;
        }
    }

    private static String described(List<Long> lines) {
        String named = String.join(
                ", ", lines.stream().limit(NAMED_LINES).map(String::valueOf).toList());
        int more = lines.size() - NAMED_LINES;
        String all = more > 0 ? named + " and " + more + " more" : named;
        return (lines.size() == 1 ? "line " + all + " is" : "lines " + all + " are");
    }

    private String name(Path file) {
        return root.relativize(file).toString();
    }
}
