package dev.modelfamily.cli.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Progress;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** The progress that a trainer's log tells last. */
final class LastProgress {
    /** Far longer than a progress line. */
    private static final int TAIL_BYTES = 16 << 10;

    private LastProgress() {}

    static Optional<Progress> of(Path log) {
        return tail(log).lines().toList().reversed().stream()
                .filter(line -> line.startsWith("{"))
                .flatMap(line -> parsed(line).stream())
                .findFirst();
    }

    private static Optional<Progress> parsed(String line) {
        try {
            return Optional.of(Json.mapper().readValue(line, Progress.class));
        } catch (JsonProcessingException _) {
            return Optional.empty(); // being written at this moment
        }
    }

    private static String tail(Path log) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - TAIL_BYTES));
            byte[] bytes = new byte[TAIL_BYTES];
            int read = Math.max(0, file.read(bytes));
            return new String(bytes, 0, read, StandardCharsets.UTF_8);
        } catch (IOException _) {
            return ""; // the trainer has not printed anything yet
        }
    }
}
