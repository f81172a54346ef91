package dev.modelfamily.operator.act;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.lifecycle.Action;
import dev.modelfamily.lifecycle.Attempt;
import dev.modelfamily.lifecycle.Lifecycle;
import dev.modelfamily.operator.observe.World;
import dev.modelfamily.operator.pod.TrainerJobs;
import dev.modelfamily.operator.pod.UnsupportedFamilyException;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Does what was decided. Each action may come again until its effect is seen; the second time it does nothing. */
public final class Executor {
    private static final int UNPROCESSABLE = 422;

    private final KubernetesClient client;
    private final TrainerJobs jobs;
    private final EventRecorder events;

    public Executor(KubernetesClient client, TrainerJobs jobs, EventRecorder events) {
        this.client = client;
        this.jobs = jobs;
        this.events = events;
    }

    /**
     * What came of the actions before any watch tells of it.
     *
     * @param changed Jobs that exist now, or are being deleted now
     * @param refused attempts that cannot be as they are asked for
     */
    public record Effects(List<Job> changed, List<Attempt> refused) {}

    /** Carries out the actions in their order. */
    public Effects carryOut(ModelFamily family, List<Action> actions, World world, Instant now) {
        List<Job> changed = new ArrayList<>();
        List<Attempt> refused = new ArrayList<>();
        Effects effects = new Effects(changed, refused);
        for (Action action : actions) {
            switch (action) {
                case Action.StartPrepare start ->
                    start(
                            () -> jobs.prepare(family, start.key(), start.attempt(), start.order()),
                            Lifecycle.PREPARATION,
                            start.key(),
                            start.attempt(),
                            now,
                            effects);
                case Action.StartStage start ->
                    start(
                            () -> jobs.stage(family, start.order()),
                            start.order().member(),
                            start.order().key(),
                            start.order().attempt(),
                            now,
                            effects);
                case Action.Stop stop ->
                    world.attempt(stop.key(), stop.attempt())
                            .flatMap(this::stop)
                            .ifPresent(changed::add);
                case Action.CleanUp clean ->
                    changed.add(create(jobs.cleanUp(family, clean.key(), clean.keptAttempt())));
                case Action.EmitEvent event -> events.record(family, event, now);
            }
        }
        return new Effects(List.copyOf(changed), List.copyOf(refused));
    }

    private void start(Supplier<Job> job, String member, String key, int attempt, Instant now, Effects effects) {
        try {
            effects.changed().add(create(job.get()));
        } catch (UnsupportedFamilyException e) {
            effects.refused().add(refusal(member, key, attempt, e.getMessage(), now));
        } catch (KubernetesClientException e) {
            if (e.getCode() != UNPROCESSABLE && e.getCode() != HttpURLConnection.HTTP_BAD_REQUEST) {
                throw e;
            }
            effects.refused().add(refusal(member, key, attempt, "the API server refuses the Job: " + sentence(e), now));
        }
    }

    private static Attempt refusal(String member, String key, int attempt, String sentence, Instant now) {
        return new Attempt(member, key, attempt, "", new Attempt.Seen.Exited(ExitCode.BAD_ORDER.code(), sentence, now));
    }

    private static String sentence(KubernetesClientException e) {
        return Optional.ofNullable(e.getStatus()).map(Status::getMessage).orElseGet(e::getMessage);
    }

    /** The Job, made now or before. */
    private Job create(Job job) {
        try {
            return client.resource(job).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            return Optional.ofNullable(client.resource(job).get()).orElse(job);
        }
    }

    /** In the foreground: the Job is seen until its pods have ended, so that nothing takes their place before. */
    private Optional<Job> stop(Job job) {
        if (job.isMarkedForDeletion()) {
            return Optional.empty();
        }
        client.resource(job)
                .withPropagationPolicy(DeletionPropagation.FOREGROUND)
                .delete();
        return Optional.of(new JobBuilder(job)
                .editMetadata()
                .withDeletionTimestamp(Instant.now().toString())
                .endMetadata()
                .build());
    }
}
