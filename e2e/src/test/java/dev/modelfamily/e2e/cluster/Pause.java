package dev.modelfamily.e2e.cluster;

import java.time.Duration;

/** A moment between two looks at something that tells no one when it changes. */
final class Pause {
    private Pause() {}

    static void briefly() {
        of(Duration.ofMillis(50));
    }

    static void of(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }
}
