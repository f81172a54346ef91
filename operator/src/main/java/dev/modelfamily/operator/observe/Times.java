package dev.modelfamily.operator.observe;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Times as Kubernetes writes them. */
public final class Times {
    private Times() {}

    /** The time; empty where there is none. */
    public static Optional<Instant> read(String text) {
        try {
            return text == null || text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
