package dev.modelfamily.operator.observe;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.Progress;
import dev.modelfamily.contract.StageResult;
import dev.modelfamily.contract.TerminationMessage;
import dev.modelfamily.lifecycle.Attempt;
import dev.modelfamily.lifecycle.Observed;
import dev.modelfamily.lifecycle.Surroundings;
import dev.modelfamily.operator.pod.Labels;
import dev.modelfamily.operator.pod.Labels.Role;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Tells the decision core what is seen of a family. */
public final class Observer {
    private Observer() {}

    /**
     * What is seen.
     *
     * @param refused attempts whose Jobs cannot be, by the word of the API server
     * @param progress the last report of a Job's pod
     */
    public static Observed observe(
            ModelFamily family,
            World world,
            Surroundings surroundings,
            Collection<Attempt> refused,
            Function<Job, Optional<Progress>> progress,
            Instant now) {
        List<Attempt> attempts = new ArrayList<>(refused);
        SortedMap<String, PrepareResult> prepared = kept(family);
        SortedMap<String, StageResult> finished = new TreeMap<>();
        SortedSet<String> leftovers = new TreeSet<>();
        world.attempts().forEach(job -> {
            JobSight sight = JobSight.of(job, world.podsOf(job));
            attempts.add(sight.attempt(progress.apply(job), now));
            String key = Labels.annotation(job, Labels.KEY);
            if (Labels.isOf(job, Role.prepare)) {
                result(sight, PrepareResult.class).ifPresent(result -> prepared.put(key, result));
            } else {
                leftovers.add(key);
                result(sight, StageResult.class)
                        .filter(result -> result.key().equals(key))
                        .ifPresent(result -> finished.put(key, result));
            }
        });
        world.jobs().stream()
                .filter(job -> Labels.isOf(job, Role.cleanup))
                .forEach(job -> leftovers.remove(Labels.annotation(job, Labels.KEY)));
        return new Observed(surroundings, prepared, List.copyOf(attempts), finished, new TreeMap<>(), leftovers);
    }

    private static SortedMap<String, PrepareResult> kept(ModelFamily family) {
        SortedMap<String, PrepareResult> kept = new TreeMap<>();
        Optional.ofNullable(family.getStatus())
                .flatMap(ModelFamilyStatus::optionalPrepared)
                .ifPresent(status -> Prepared.read(status).ifPresent(result -> kept.put(status.key(), result)));
        return kept;
    }

    private static <T> Optional<T> result(JobSight sight, Class<T> type) {
        return sight.success().flatMap(end -> TerminationMessage.read(end.message(), type));
    }
}
