package dev.modelfamily.operator.observe;

import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.operator.pod.Labels;
import dev.modelfamily.operator.pod.Labels.Role;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The Jobs and pods of one family. */
public record World(List<Job> jobs, List<Pod> pods) {
    /** Of what the caches hold under the family's name, that which is its own: an earlier family may have had the same name. */
    public static World of(ModelFamily family, Collection<Job> jobs, Collection<Pod> pods) {
        return new World(
                jobs.stream().filter(job -> isOf(family, job)).toList(),
                pods.stream().filter(pod -> isOf(family, pod)).toList());
    }

    /** Whether pods of an earlier family of that name still run; both would write the same files. */
    public static boolean hasPredecessor(ModelFamily family, Collection<Pod> pods) {
        return pods.stream().anyMatch(pod -> !isOf(family, pod) && !PodSight.hasEnded(pod));
    }

    private static boolean isOf(ModelFamily family, HasMetadata object) {
        return Labels.label(object, Labels.FAMILY_UID)
                .equals(family.getMetadata().getUid());
    }

    /** With Jobs as they are now, where the caches hold them as they were, or not yet. */
    public World with(Collection<Job> newer) {
        Map<String, Job> all = new LinkedHashMap<>();
        jobs.forEach(job -> all.put(job.getMetadata().getName(), job));
        newer.forEach(job -> all.put(job.getMetadata().getName(), job));
        return new World(List.copyOf(all.values()), pods);
    }

    /**
     * With what the status speaks of and the caches do not hold. A cache may lag, so no Job counts as lost, and no result of one
     * that has ended, before the API server says so.
     *
     * @param liveJob asks the API server for a Job by its name
     * @param livePods asks the API server for the pods of a Job
     */
    public World confirmed(
            ModelFamilyStatus status, Function<String, Optional<Job>> liveJob, Function<Job, List<Pod>> livePods) {
        List<String> open = Stream.concat(status.optionalPreparing().stream(), status.members().stream())
                .filter(World::isOpen)
                .map(MemberStatus::job)
                .filter(name -> !name.isEmpty())
                .toList();
        World known = with(open.stream()
                .filter(name -> job(name).isEmpty())
                .flatMap(name -> liveJob.apply(name).stream())
                .toList());
        List<Pod> found = open.stream()
                .flatMap(name -> known.job(name).stream())
                .filter(job ->
                        JobSight.hasEnded(job) && known.podsOf(job).stream().noneMatch(PodSight::hasEnded))
                .flatMap(job -> livePods.apply(job).stream())
                .toList();
        return known.withPods(found);
    }

    private World withPods(List<Pod> newer) {
        Map<String, Pod> all = new LinkedHashMap<>();
        pods.forEach(pod -> all.put(pod.getMetadata().getName(), pod));
        newer.forEach(pod -> all.put(pod.getMetadata().getName(), pod));
        return new World(jobs, List.copyOf(all.values()));
    }

    private static boolean isOpen(MemberStatus member) {
        return switch (member.state()) {
            case Queued, Running -> true;
            case Pending, Blocked, Succeeded, Failed, Skipped -> false;
        };
    }

    /** A Job by its name. */
    public Optional<Job> job(String name) {
        return jobs.stream()
                .filter(job -> job.getMetadata().getName().equals(name))
                .findFirst();
    }

    /** The Job of an attempt. */
    public Optional<Job> attempt(String key, int number) {
        return attempts()
                .filter(job -> Labels.annotation(job, Labels.KEY).equals(key)
                        && Labels.label(job, Labels.ATTEMPT).equals(Integer.toString(number)))
                .findFirst();
    }

    /** The Jobs that are attempts at a stage or at the preparation. */
    public Stream<Job> attempts() {
        return jobs.stream().filter(job -> Labels.isOf(job, Role.prepare) || Labels.isOf(job, Role.stage));
    }

    /** The pods of a Job. */
    public List<Pod> podsOf(Job job) {
        return pods.stream()
                .filter(pod -> pod.getMetadata().getOwnerReferences().stream()
                        .anyMatch(
                                owner -> owner.getUid().equals(job.getMetadata().getUid())))
                .toList();
    }
}
