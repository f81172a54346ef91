package dev.modelfamily.cli.text;

import java.time.Duration;

/** Times as people read them. */
public final class Times {
    private Times() {}

    /** A duration in its two biggest units, such as {@code 3h20m} or {@code 42s}. */
    public static String of(Duration duration) {
        long seconds = duration.plusMillis(500).toSeconds();
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m" + two(seconds % 60) + "s";
        }
        long minutes = seconds / 60;
        return minutes < 24 * 60
                ? minutes / 60 + "h" + two(minutes % 60) + "m"
                : minutes / (24 * 60) + "d" + two(minutes / 60 % 24) + "h";
    }

    /** As {@link #of(Duration)}. */
    public static String ofSeconds(double seconds) {
        return of(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    private static String two(long number) {
        return (number < 10 ? "0" : "") + number;
    }
}
