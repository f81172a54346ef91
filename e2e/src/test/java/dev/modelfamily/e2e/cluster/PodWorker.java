package dev.modelfamily.e2e.cluster;

import dev.modelfamily.e2e.cluster.Behaviour.Step;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The life of one pod on its node, from its arrival until the API server has forgotten it. */
final class PodWorker implements Runnable {
    private final Pod pod;
    private final Behaviour behaviour;
    private final Reports reports;
    private final LocalContainer container;
    private final PodStatuses statuses;
    private final CompletableFuture<Pod> deletion = new CompletableFuture<>();

    PodWorker(Pod pod, Behaviour behaviour, Reports reports, LocalContainer container) {
        this.pod = pod;
        this.behaviour = behaviour;
        this.reports = reports;
        this.container = container;
        this.statuses = new PodStatuses(pod);
    }

    /** The pod was deleted; what runs in it is asked to end. */
    void delete(Pod deleted) {
        deletion.complete(deleted);
    }

    @Override
    public void run() {
        reports.status(pod, statuses.waiting("ContainerCreating", ""));
        PodStatus end = switch (behaviour) {
            case Behaviour.Play play -> play(play);
            case Behaviour.Local local -> live(local.image());
        };
        reports.status(pod, end);
        reports.gone(deletion.join());
        container.forget();
    }

    private PodStatus play(Behaviour.Play play) {
        boolean running = false;
        for (Step step : play.steps()) {
            boolean runs = !(step instanceof Step.NeverStarts);
            if (runs && !running) {
                reports.status(pod, statuses.running());
                running = true;
            }
            Optional<PodStatus> end = take(step);
            if (end.isPresent()) {
                return end.get();
            }
            if (deletion.isDone()) {
                break;
            }
        }
        deletion.join();
        return running ? statuses.ended(Ending.of(play.exitCodeOnTerm(), "")) : statuses.neverRan();
    }

    /** What the pod ends with where this is its last step. */
    private Optional<PodStatus> take(Step step) {
        return switch (step) {
            case Step.Runs runs -> {
                untilDeleted(runs.duration());
                yield Optional.empty();
            }
            case Step.RunsUntil runs -> {
                CompletableFuture.anyOf(deletion, runs.signal().toCompletableFuture())
                        .join();
                yield Optional.empty();
            }
            case Step.Exits exits -> Optional.of(statuses.ended(Ending.of(exits.code(), exits.message())));
            case Step.RunsOutOfMemory _ -> Optional.of(statuses.ended(Ending.outOfMemory()));
            case Step.IsEvicted evicted -> Optional.of(statuses.evicted(evicted.message()));
            case Step.NeverStarts never -> {
                reports.status(pod, statuses.waiting(never.reason(), never.message()));
                yield Optional.empty();
            }
        };
    }

    private PodStatus live(Image image) {
        Optional<String> missing = container.prepare(pod);
        while (missing.isPresent() && !deletion.isDone()) {
            reports.status(pod, statuses.waiting("ContainerCreating", missing.get()));
            untilDeleted(Duration.ofMillis(500));
            missing = container.prepare(pod);
        }
        if (deletion.isDone()) {
            return statuses.neverRan();
        }
        Process process = container.start(pod, image);
        reports.status(pod, statuses.running());
        CompletableFuture.anyOf(process.onExit(), deletion).join();
        if (process.isAlive()) {
            end(process, deletion.join());
        }
        return statuses.ended(Ending.of(process.onExit().join().exitValue(), container.terminationMessage()));
    }

    /** Asks it to end, and kills it after the grace that the deletion gives. */
    private static void end(Process process, Pod deleted) {
        Long grace = deleted.getMetadata().getDeletionGracePeriodSeconds();
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, grace == null ? 30 : grace, TimeUnit.SECONDS)
                .join();
        process.destroyForcibly();
    }

    private void untilDeleted(Duration most) {
        deletion.copy()
                .completeOnTimeout(pod, most.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
