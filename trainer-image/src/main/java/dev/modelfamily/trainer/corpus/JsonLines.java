package dev.modelfamily.trainer.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.modelfamily.contract.Json;
import java.nio.file.Path;
import java.util.Optional;

/** One JSON object a line; the text is a field of it, and each line is a document. */
final class JsonLines implements Passages {
    private static final ObjectReader READER =
            Json.mapper().readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Path file;
    private final String field;
    private final BadLines badLines;
    private final Lines lines;

    JsonLines(Path file, String field, BadLines badLines) {
        this.file = file;
        this.field = field;
        this.badLines = badLines;
        this.lines = new Lines(file);
    }

    @Override
    public Optional<Passage> next() {
        for (Optional<Lines.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
            badLines.line();
            Reading reading = read(line.get());
            if (reading.problem.isEmpty()) {
                return Optional.of(new Passage(reading.text, true));
            }
            badLines.bad(file.toString(), "line " + line.get().number(), reading.problem);
        }
        return Optional.empty();
    }

    /** A text, or why there is none. */
    private record Reading(String text, String problem) {}

    private Reading read(Lines.Line line) {
        if (!line.problem().isEmpty()) {
            return new Reading("", line.problem());
        }
        if (line.text().isBlank()) {
            return new Reading("", "empty");
        }
        try {
            JsonNode object = READER.readValue(line.text());
            JsonNode value = object.path(field);
            if (!value.isTextual()) {
                String what = value.isMissingNode() ? "has no field '" : "has no string in field '";
                return new Reading("", what + field + "'");
            }
            return new Reading(value.asText(), Texts.problem(value.asText()));
        } catch (JsonProcessingException e) {
            return new Reading(
                    "",
                    "not JSON (" + e.getOriginalMessage().lines().findFirst().orElse("") + ")");
        }
    }

    @Override
    public long bytesRead() {
        return lines.bytesRead();
    }

    @Override
    public void close() {
        lines.close();
    }
}
