package dev.modelfamily.operator.observe;

import dev.modelfamily.contract.Progress;
import dev.modelfamily.lifecycle.Attempt;
import dev.modelfamily.lifecycle.Attempt.Seen;
import dev.modelfamily.operator.observe.PodSight.End;
import dev.modelfamily.operator.observe.PodSight.Why;
import dev.modelfamily.operator.pod.Labels;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an attempt looks: a Job and its pods.
 *
 * @param pods the newest first; usually one
 */
record JobSight(Job job, List<PodSight> pods) {
    /** How the Job controller says it, when the pod itself is gone. */
    private static final Pattern EXIT_CODE = Pattern.compile("failed with exit code (\\d{1,3})");

    private static final String OUT_OF_MEMORY = "OOMKilled";

    static JobSight of(Job job, List<Pod> pods) {
        return new JobSight(
                job,
                pods.stream()
                        .map(PodSight::new)
                        .sorted(Comparator.comparing(PodSight::created).reversed())
                        .toList());
    }

    Attempt attempt(Optional<Progress> progress, Instant now) {
        return new Attempt(
                Labels.label(job, Labels.MEMBER),
                Labels.annotation(job, Labels.KEY),
                Integer.parseInt(Labels.label(job, Labels.ATTEMPT)),
                job.getMetadata().getName(),
                seen(progress, now));
    }

    /** What the trainer left when it was done. */
    Optional<End> success() {
        return pods.stream()
                .flatMap(pod -> pod.end().stream())
                .filter(end -> end.code() == 0)
                .findFirst();
    }

    /** A success is believed to the pod, at once; other ends to the Job, since only then nothing of it runs. */
    private Seen seen(Optional<Progress> progress, Instant now) {
        Optional<Seen> end = success()
                .<Seen>map(done -> new Seen.Exited(0, "", done.at()))
                .or(() -> condition("Complete").map(this::lost))
                .or(() -> condition("Failed").map(this::failed));
        return end.orElseGet(() -> live(progress, now));
    }

    private Seen lost(JobCondition complete) {
        return new Seen.Disrupted(
                "ResultLost", "the trainer was done, but its pod is gone and with it the result", at(complete));
    }

    private Seen failed(JobCondition failed) {
        String reason = text(failed.getReason());
        if (reason.equals("DeadlineExceeded")) {
            return new Seen.Disrupted(reason, text(failed.getMessage()), at(failed));
        }
        return pods.stream().findFirst().map(pod -> failed(pod, failed)).orElseGet(() -> failedWithoutPod(failed));
    }

    private static Seen failed(PodSight pod, JobCondition failed) {
        Optional<Seen> disrupted =
                pod.disruption().map(why -> new Seen.Disrupted(why.reason(), why.message(), at(failed)));
        Optional<Seen> exited = pod.end().map(end -> new Seen.Exited(end.code(), words(end), end.at()));
        return disrupted
                .or(() -> exited)
                .orElseGet(() -> new Seen.Disrupted("PodLost", text(failed.getMessage()), at(failed)));
    }

    private static Seen failedWithoutPod(JobCondition failed) {
        String message = text(failed.getMessage());
        Matcher code = EXIT_CODE.matcher(message);
        boolean disrupted = message.contains("DisruptionTarget");
        return code.find() && !disrupted
                ? new Seen.Exited(Integer.parseInt(code.group(1)), message, at(failed))
                : new Seen.Disrupted("PodLost", message, at(failed));
    }

    private static String words(End end) {
        if (!end.reason().equals(OUT_OF_MEMORY)) {
            return end.message();
        }
        String more = end.message().isEmpty() ? "" : "; " + end.message();
        return "killed for using more memory than its limit; raise resources.limits.memory" + more;
    }

    private Seen live(Optional<Progress> progress, Instant now) {
        Optional<PodSight> present = pods.stream().findFirst();
        if (present.isEmpty()) {
            return Boolean.TRUE.equals(job.getSpec().getSuspend())
                    ? new Seen.Waiting("InQueue", "", now)
                    : new Seen.Waiting(PodSight.STARTING, "", started());
        }
        PodSight pod = present.get();
        // An ended pod whose Job is not settled yet counts as running: until then nothing may take its place.
        if (pod.isRunning() || pod.hasEnded() || pod.end().isPresent()) {
            return new Seen.Running(progress);
        }
        Why why = pod.waitsFor();
        return new Seen.Waiting(why.reason(), why.message(), pod.created());
    }

    private Instant started() {
        return status().flatMap(status -> Times.read(status.getStartTime()))
                .or(() -> Times.read(job.getMetadata().getCreationTimestamp()))
                .orElse(Instant.EPOCH);
    }

    /** Whether nothing of the Job runs or will run. */
    static boolean hasEnded(Job job) {
        JobSight sight = new JobSight(job, List.of());
        return sight.condition("Complete").isPresent()
                || sight.condition("Failed").isPresent();
    }

    private Optional<JobCondition> condition(String type) {
        return status().map(JobStatus::getConditions).orElse(List.of()).stream()
                .filter(condition -> type.equals(condition.getType()) && "True".equals(condition.getStatus()))
                .findFirst();
    }

    private Optional<JobStatus> status() {
        return Optional.ofNullable(job.getStatus());
    }

    private static Instant at(JobCondition condition) {
        return Times.read(condition.getLastTransitionTime()).orElse(Instant.EPOCH);
    }

    private static String text(String text) {
        return text == null ? "" : text;
    }
}
