package dev.modelfamily.operator;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.lifecycle.Attempt;
import dev.modelfamily.lifecycle.Decision;
import dev.modelfamily.lifecycle.Lifecycle;
import dev.modelfamily.lifecycle.Observed;
import dev.modelfamily.operator.act.Executor;
import dev.modelfamily.operator.act.Executor.Effects;
import dev.modelfamily.operator.act.Removal;
import dev.modelfamily.operator.act.StatusWriter;
import dev.modelfamily.operator.act.StatusWriter.Written;
import dev.modelfamily.operator.metrics.Transitions;
import dev.modelfamily.operator.observe.Observer;
import dev.modelfamily.operator.observe.Prepared;
import dev.modelfamily.operator.observe.World;
import dev.modelfamily.operator.pod.Labels;
import dev.modelfamily.operator.pod.TrainerJobs;
import dev.modelfamily.operator.progress.ProgressBoard;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Passes over a family: observe, decide, write the status, act; again at once while the status changes. A pass may end anywhere
 * and be begun anew: whatever was done is seen, whatever was not is decided again.
 */
final class Passes {
    /** A family settles in two or three rounds; more only where others write at the same time. */
    private static final int MAX_ROUNDS = 8;
    /** When a pass that did not settle goes on. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final TrainerJobs jobs;
    private final StatusWriter writer;
    private final Executor executor;
    private final Removal removal;
    private final ProgressBoard progress;
    private final Transitions transitions;
    private final int maxParallel;
    private final Clock clock;

    Passes(
            KubernetesClient client,
            TrainerJobs jobs,
            StatusWriter writer,
            Executor executor,
            Removal removal,
            ProgressBoard progress,
            Transitions transitions,
            int maxParallel,
            Clock clock) {
        this.client = client;
        this.jobs = jobs;
        this.writer = writer;
        this.executor = executor;
        this.removal = removal;
        this.progress = progress;
        this.transitions = transitions;
        this.maxParallel = maxParallel;
        this.clock = clock;
    }

    /**
     * One pass.
     *
     * @param cached the family as the cache has it, which may lag
     * @param seen its Jobs and pods as the caches have them
     * @return when to come again even if nothing is seen before
     */
    Optional<Duration> over(ModelFamily cached, World seen) {
        ModelFamily family = removal.arranged(cached);
        List<Attempt> refused = new ArrayList<>();
        World world = seen;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            Instant now = clock.instant();
            world = world.confirmed(status(family), liveJob(family), this::livePods);
            Observed observed = Observer.observe(
                    family, world, jobs.surroundings(family, maxParallel), refused, progress::report, now);
            Decision decision = Lifecycle.decide(family, observed, now);
            ModelFamilyStatus next = Prepared.kept(decision.status(), observed.prepared());
            switch (writer.write(family, next)) {
                case Written.Stale() -> {
                    Optional<ModelFamily> present = reread(family);
                    if (present.isEmpty()) {
                        return Optional.empty();
                    }
                    family = present.get();
                }
                case Written.Same() -> {
                    Effects effects = executor.carryOut(family, decision.actions(), world, now);
                    if (effects.changed().isEmpty() && effects.refused().isEmpty()) {
                        return decision.wakeAt().map(wake -> later(now, wake));
                    }
                    world = world.with(effects.changed());
                    refused.addAll(effects.refused());
                }
                case Written.Changed(ModelFamily written) -> {
                    transitions.count(status(family), next, world, now);
                    family = written;
                    Effects effects = executor.carryOut(family, decision.actions(), world, now);
                    world = world.with(effects.changed());
                    refused.addAll(effects.refused());
                }
            }
        }
        return Optional.of(SOON);
    }

    /** One step of the end of a family that is marked for deletion. */
    void end(ModelFamily family, World world) {
        removal.proceed(family, world);
    }

    private Function<String, Optional<Job>> liveJob(ModelFamily family) {
        return name -> Optional.ofNullable(client.batch()
                .v1()
                .jobs()
                .inNamespace(family.getMetadata().getNamespace())
                .withName(name)
                .get());
    }

    private List<Pod> livePods(Job job) {
        return client.pods()
                .inNamespace(job.getMetadata().getNamespace())
                .withLabel(Labels.JOB_NAME, job.getMetadata().getName())
                .list()
                .getItems();
    }

    /** The family as the API server has it; empty where it is gone or going. */
    private Optional<ModelFamily> reread(ModelFamily family) {
        return Optional.ofNullable(client.resource(family).get())
                .filter(present -> !present.isMarkedForDeletion())
                .filter(present -> present.getMetadata()
                        .getUid()
                        .equals(family.getMetadata().getUid()));
    }

    private static ModelFamilyStatus status(ModelFamily family) {
        return Optional.ofNullable(family.getStatus()).orElse(ModelFamilyStatus.NOTHING);
    }

    private static Duration later(Instant now, Instant wake) {
        Duration wait = Duration.between(now, wake).plusMillis(1);
        return wait.isNegative() || wait.isZero() ? Duration.ofMillis(1) : wait;
    }
}
