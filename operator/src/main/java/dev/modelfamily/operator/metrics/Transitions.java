package dev.modelfamily.operator.metrics;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.operator.observe.Times;
import dev.modelfamily.operator.observe.World;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Counts what happens between two statuses of a family. A status is written once for each transition, so each is counted once.
 */
public final class Transitions {
    private final MeterRegistry registry;
    private final Timer queueWait;
    private final Counter gpuSeconds;

    public Transitions(MeterRegistry registry) {
        this.registry = registry;
        this.queueWait = Timer.builder("modelfamily.queue.wait")
                .description("From the creation of a Job to the start of its trainer")
                .serviceLevelObjectives(buckets(1, 5, 15, 60, 300, 1800, 7200, 43_200, 259_200))
                .register(registry);
        this.gpuSeconds = Counter.builder("modelfamily.gpu.seconds")
                .description("GPUs times seconds of all attempts that ended")
                .register(registry);
        for (Cause cause : Cause.values()) {
            attempts(cause);
        }
        for (Outcome outcome : Outcome.values()) {
            duration(outcome);
        }
    }

    /** Why an attempt was begun. */
    enum Cause {
        start,
        failure,
        disruption,
        resume
    }

    /** How an attempt ended. */
    enum Outcome {
        done,
        failed,
        disrupted,
        stopped
    }

    /** Counts what became of a family. */
    public void count(ModelFamilyStatus before, ModelFamilyStatus after, World world, Instant now) {
        for (MemberStatus next : after.members()) {
            MemberStatus old = before.members().stream()
                    .filter(known -> !next.key().isEmpty() && known.key().equals(next.key()))
                    .findFirst()
                    .or(() -> before.member(next.name()))
                    .orElseGet(() -> MemberStatus.pending(next.name()));
            begun(old, next);
            started(old, next, world, now);
            ended(old, next, now);
        }
        long spent = after.totals().gpuSeconds() - before.totals().gpuSeconds();
        if (spent > 0) {
            gpuSeconds.increment((double) spent);
        }
    }

    private void begun(MemberStatus old, MemberStatus next) {
        if (next.attempt() > old.attempt() && next.state() == MemberState.Queued) {
            attempts(cause(old, next)).increment();
        }
    }

    /** A status in which the attempt before was counted as ended may be the one before. */
    private static Cause cause(MemberStatus old, MemberStatus next) {
        if (next.attempt() <= 1) {
            return Cause.start;
        }
        if (next.failures() > old.failures()) {
            return Cause.failure;
        }
        if (next.disruptions() > old.disruptions()) {
            return Cause.disruption;
        }
        if (next.resumes() > old.resumes()) {
            return Cause.resume;
        }
        return next.failures() > 0 && !old.retryTime().isEmpty() ? Cause.failure : Cause.start;
    }

    private void started(MemberStatus old, MemberStatus next, World world, Instant now) {
        if (old.state() != MemberState.Running && next.state() == MemberState.Running) {
            world.job(next.job())
                    .flatMap(job -> Times.read(job.getMetadata().getCreationTimestamp()))
                    .ifPresent(created -> queueWait.record(positive(created, now)));
        }
    }

    private void ended(MemberStatus old, MemberStatus next, Instant now) {
        Optional<Instant> since = Times.read(old.attemptTime());
        if (old.state() == MemberState.Running && next.attemptTime().isEmpty() && since.isPresent()) {
            duration(outcome(old, next)).record(positive(since.get(), now));
        }
    }

    private static Outcome outcome(MemberStatus old, MemberStatus next) {
        if (next.state() == MemberState.Succeeded) {
            return Outcome.done;
        }
        if (next.disruptions() > old.disruptions()) {
            return Outcome.disrupted;
        }
        boolean failed = next.failures() > old.failures()
                || next.resumes() > old.resumes()
                || next.state() == MemberState.Failed;
        return failed ? Outcome.failed : Outcome.stopped;
    }

    private static Duration positive(Instant from, Instant to) {
        Duration between = Duration.between(from, to);
        return between.isNegative() ? Duration.ZERO : between;
    }

    private Counter attempts(Cause cause) {
        return Counter.builder("modelfamily.attempts")
                .description("Attempts at stages, by why they were begun")
                .tag("cause", cause.name())
                .register(registry);
    }

    private Timer duration(Outcome outcome) {
        return Timer.builder("modelfamily.stage.duration")
                .description("From an attempt's begin to its end")
                .tag("outcome", outcome.name())
                .serviceLevelObjectives(buckets(10, 60, 300, 1800, 3600, 14_400, 43_200, 86_400, 259_200))
                .register(registry);
    }

    private static Duration[] buckets(long... seconds) {
        return Arrays.stream(seconds).mapToObj(Duration::ofSeconds).toArray(Duration[]::new);
    }
}
