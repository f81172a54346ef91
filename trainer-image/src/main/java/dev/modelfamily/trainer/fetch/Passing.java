package dev.modelfamily.trainer.fetch;

import dev.modelfamily.contract.StageException;
import java.time.Duration;
import java.util.Optional;

/** A failure that may be over soon. It never leaves this package: {@link Patience} tries again, or throws its cause. */
final class Passing extends RuntimeException {
    private final StageException last;
    private final transient Optional<Duration> wait;

    /**
     * A failure to try again after.
     *
     * @param last what to say when patience ends
     * @param wait how long the other side asks to wait; empty where it does not say
     */
    Passing(StageException last, Optional<Duration> wait) {
        super(last);
        this.last = last;
        this.wait = wait;
    }

    StageException last() {
        return last;
    }

    Optional<Duration> waitAsked() {
        return wait;
    }
}
