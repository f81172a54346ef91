package dev.modelfamily.lifecycle;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Times as the status writes them: RFC 3339, in whole seconds. */
final class Times {
    private Times() {}

    static String written(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Empty for an empty text and for one that is no time. */
    static Optional<Instant> read(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Whole seconds from a written time to another; 0 where there is no first, or where it is later. */
    static long seconds(String from, Instant to) {
        return read(from)
                .map(start -> Math.max(0, Duration.between(start, to).toSeconds()))
                .orElse(0L);
    }
}
