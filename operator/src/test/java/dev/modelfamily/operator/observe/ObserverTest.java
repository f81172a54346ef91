package dev.modelfamily.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.contract.DataRef;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.PreparedData;
import dev.modelfamily.contract.Progress;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.contract.StageResult;
import dev.modelfamily.lifecycle.Attempt;
import dev.modelfamily.lifecycle.Attempt.Seen;
import dev.modelfamily.lifecycle.Observed;
import dev.modelfamily.operator.Families;
import dev.modelfamily.operator.pod.Jobs;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ObserverTest {
    private static final Instant NOW = Instant.parse("2026-01-01T02:00:00Z");
    private static final Instant CREATED = Instant.parse(Pods.CREATED);
    private static final Instant ENDED = Instant.parse(Pods.ENDED);

    private final ModelFamily family = Families.least();
    private final Job job = Jobs.stage(family, 1);

    @Test
    void anAttemptBearsTheNameKeyAndNumberOfItsJob() {
        Attempt attempt = only(Pods.stored(job));

        assertThat(attempt.member()).isEqualTo("large");
        assertThat(attempt.key()).isEqualTo(Jobs.KEY);
        assertThat(attempt.number()).isEqualTo(1);
        assertThat(attempt.job()).isEqualTo(job.getMetadata().getName());
    }

    @Test
    void aJobWithoutAPodWaits() {
        assertThat(only(Pods.stored(job)).seen()).isEqualTo(new Seen.Waiting("Starting", "", CREATED));
    }

    @Test
    void aJobThatItsQueueHoldsWaitsThereAndNoDeadlineOfPodsRuns() {
        Job held = new JobBuilder(Pods.stored(job))
                .editSpec()
                .withSuspend(true)
                .endSpec()
                .build();

        assertThat(only(held).seen()).isEqualTo(new Seen.Waiting("InQueue", "", NOW));
    }

    @Test
    void aPodThatIsOnItsWayWaitsWithoutAPeculiarReason() {
        Pod creating = Pods.waiting(job, "ContainerCreating", "");

        assertThat(only(Pods.stored(job), creating).seen()).isEqualTo(new Seen.Waiting("Starting", "", CREATED));
    }

    @Test
    void theTwoWordsForAMissingImageAreOne() {
        for (String word : List.of("ErrImagePull", "ImagePullBackOff")) {
            assertThat(only(Pods.stored(job), Pods.waiting(job, word, "no such image"))
                            .seen())
                    .isEqualTo(new Seen.Waiting("ImagePullBackOff", "no such image", CREATED));
        }
    }

    @Test
    void aMissingVolumeIsToldFromAFullCluster() {
        Pod noVolume = Pods.condition(
                Pods.pending(job),
                "PodScheduled",
                "False",
                "Unschedulable",
                "persistentvolumeclaim \"models\" not found");
        Pod noRoom = Pods.condition(
                Pods.pending(job), "PodScheduled", "False", "Unschedulable", "0/3 nodes: insufficient nvidia.com/gpu");

        assertThat(only(Pods.stored(job), noVolume).seen())
                .isEqualTo(new Seen.Waiting("VolumeMissing", "persistentvolumeclaim \"models\" not found", CREATED));
        assertThat(only(Pods.stored(job), noRoom).seen())
                .isEqualTo(new Seen.Waiting("Unschedulable", "0/3 nodes: insufficient nvidia.com/gpu", CREATED));
    }

    @Test
    void aRunningPodShowsTheLastReport() {
        Progress progress = new Progress(1, Jobs.KEY, "large", 1, "recover", 5, 10, 1.0, 2.0, 1e-4, 0.5, 5);

        Observed observed = Observer.observe(
                family,
                world(List.of(Pods.stored(job)), List.of(Pods.running(job))),
                Jobs.QUIET.surroundings(family, 4),
                List.of(),
                any -> Optional.of(progress),
                NOW);

        assertThat(observed.attempts().getFirst().seen()).isEqualTo(new Seen.Running(Optional.of(progress)));
    }

    @Test
    void aFinishedStageIsBelievedToThePodBeforeTheJobSaysSo() {
        StageResult result = result(Jobs.KEY);

        Observed observed = observe(Pods.stored(job), Pods.terminated(job, 0, "Completed", Json.line(result)));

        assertThat(observed.finished()).containsExactly(Map.entry(Jobs.KEY, result));
        assertThat(observed.attempts().getFirst().seen()).isEqualTo(new Seen.Exited(0, "", ENDED));
    }

    @Test
    void aResultOfAnotherKeyIsNotBelieved() {
        String message = Json.line(result("sha256:other"));

        assertThat(observe(Pods.stored(job), Pods.terminated(job, 0, "Completed", message))
                        .finished())
                .isEmpty();
    }

    @Test
    void aCompleteJobWhosePodIsGoneHasLostItsResultAndIsNoFailure() {
        Job complete = Pods.ended(job, "Complete", "", "");

        assertThat(only(complete).seen())
                .isInstanceOfSatisfying(
                        Seen.Disrupted.class, lost -> assertThat(lost.reason()).isEqualTo("ResultLost"));
    }

    @Test
    void aFailureCountsOnlyOnceTheJobHasEnded() {
        Pod failed = Pods.terminated(job, 65, "Error", "data.training: is empty");
        Job settled = Pods.ended(job, "Failed", "PodFailurePolicy", "Container trainer failed with exit code 65");

        assertThat(only(Pods.stored(job), failed).isLive()).isTrue();
        assertThat(only(settled, failed).seen()).isEqualTo(new Seen.Exited(65, "data.training: is empty", ENDED));
    }

    @Test
    void theExitCodeIsKnownFromTheJobWhenThePodIsGone() {
        Job settled = Pods.ended(
                job,
                "Failed",
                "PodFailurePolicy",
                "Container trainer for pod models/x failed with exit code 77 matching FailJob rule at index 1");

        assertThat(only(settled).seen())
                .isInstanceOfSatisfying(
                        Seen.Exited.class, exit -> assertThat(exit.code()).isEqualTo(77));
    }

    @Test
    void outOfMemoryIsSaidInWords() {
        Job settled = Pods.ended(job, "Failed", "BackoffLimitExceeded", "");

        assertThat(only(settled, Pods.terminated(job, 137, "OOMKilled", "")).seen())
                .isInstanceOfSatisfying(Seen.Exited.class, exit -> {
                    assertThat(exit.code()).isEqualTo(137);
                    assertThat(exit.message()).contains("memory");
                });
    }

    @Test
    void anEvictedPodIsDisruptedEvenThoughTheTrainerExitedBySignal() {
        Pod evicted = Pods.condition(
                Pods.terminated(job, 143, "Error", ""),
                "DisruptionTarget",
                "True",
                "EvictionByEvictionAPI",
                "Eviction API: evicting");
        Job settled = Pods.ended(job, "Failed", "PodFailurePolicy", "");

        assertThat(only(settled, evicted).seen())
                .isEqualTo(new Seen.Disrupted("EvictionByEvictionAPI", "Eviction API: evicting", ENDED));
    }

    @Test
    void aPodThatVanishedWithItsNodeIsDisrupted() {
        Job settled = Pods.ended(job, "Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit");
        Pod unknown = Pods.terminated(job, 137, "ContainerStatusUnknown", "");

        assertThat(only(settled).seen()).isInstanceOf(Seen.Disrupted.class);
        assertThat(only(settled, unknown).seen()).isInstanceOf(Seen.Disrupted.class);
    }

    @Test
    void theDeadlineOfTheJobIsLeftToTheDecision() {
        Job settled = Pods.ended(job, "Failed", "DeadlineExceeded", "Job was active longer than specified deadline");

        assertThat(only(settled).seen())
                .isInstanceOfSatisfying(
                        Seen.Disrupted.class, end -> assertThat(end.reason()).isEqualTo("DeadlineExceeded"));
    }

    @Test
    void whatThePreparationFoundIsKeptInTheStatusAndReadBackUnchanged() {
        Job preparation = Jobs.preparation(family, 1);
        PrepareResult found = prepared();
        Observed observed =
                observe(Pods.stored(preparation), Pods.terminated(preparation, 0, "Completed", Json.line(found)));
        assertThat(observed.prepared()).containsExactly(Map.entry(Jobs.KEY, found));

        MemberStatus preparing = member(MemberState.Succeeded, "");
        ModelFamilyStatus status = Prepared.kept(
                new ModelFamilyStatus(1L, "Running", null, preparing, null, null, null, null, null),
                observed.prepared());
        family.setStatus(status);
        ModelFamily later = Families.throughTheApi(family);

        assertThat(later.getStatus()).isEqualTo(status);
        assertThat(observe(later, List.of(), List.of()).prepared()).containsExactly(Map.entry(Jobs.KEY, found));
    }

    @Test
    void aStageIsCleanOnceTheJobThatCleansItIsThere() {
        Job cleaning = Pods.stored(Jobs.QUIET.cleanUp(family, Jobs.KEY, 1));

        assertThat(observe(Pods.stored(job)).leftovers()).containsExactly(Jobs.KEY);
        assertThat(observe(family, List.of(Pods.stored(job), cleaning), List.of())
                        .leftovers())
                .isEmpty();
    }

    @Test
    void aJobThatOnlyTheStatusKnowsIsAskedForBeforeItCountsAsLost() {
        String name = job.getMetadata().getName();
        ModelFamilyStatus status = new ModelFamilyStatus(
                1L, "Running", null, null, null, List.of(member(MemberState.Running, name)), null, null, null);
        List<String> asked = new ArrayList<>();

        World confirmed = world(List.of(), List.of())
                .confirmed(
                        status,
                        missing -> {
                            asked.add(missing);
                            return Optional.of(Pods.stored(job));
                        },
                        any -> List.of());
        confirmed.confirmed(status, missing -> Optional.empty(), any -> List.of());

        assertThat(asked).containsExactly(name);
        assertThat(confirmed.job(name)).isPresent();
    }

    @Test
    void aPodThatTheCacheHasNotYetIsAskedForBeforeItsResultCountsAsLost() {
        Job ended = Pods.ended(job, "Complete", "", "");
        Pod pod = Pods.terminated(job, 0, "Completed", Json.line(result(Jobs.KEY)));
        ModelFamilyStatus status = new ModelFamilyStatus(
                1L,
                "Running",
                null,
                null,
                null,
                List.of(member(MemberState.Running, job.getMetadata().getName())),
                null,
                null,
                null);

        World lagging = world(List.of(ended), List.of(Pods.running(job)));
        World confirmed = lagging.confirmed(status, any -> Optional.empty(), any -> List.of(pod));

        assertThat(confirmed.podsOf(ended)).containsExactly(pod);
        assertThat(confirmed.confirmed(status, any -> Optional.empty(), any -> {
                    throw new AssertionError("asked again for what is known");
                }))
                .isEqualTo(confirmed);
    }

    @Test
    void podsOfAnEarlierFamilyOfThatNameAreNoneOfThisOneButHoldItBack() {
        Pod old = Pods.ofPredecessor(Pods.running(job));
        Pod dead = Pods.ofPredecessor(Pods.terminated(job, 0, "Completed", ""));

        assertThat(World.of(family, List.of(), List.of(old)).pods()).isEmpty();
        assertThat(World.hasPredecessor(family, List.of(old))).isTrue();
        assertThat(World.hasPredecessor(family, List.of(dead))).isFalse();
        assertThat(World.hasPredecessor(family, List.of(Pods.running(job)))).isFalse();
    }

    private Attempt only(Job stored, Pod... pods) {
        List<Attempt> attempts = observe(stored, pods).attempts();
        assertThat(attempts).hasSize(1);
        return attempts.getFirst();
    }

    private Observed observe(Job stored, Pod... pods) {
        return observe(family, List.of(stored), List.of(pods));
    }

    private static Observed observe(ModelFamily family, List<Job> jobs, List<Pod> pods) {
        return Observer.observe(
                family,
                World.of(family, jobs, pods),
                Jobs.QUIET.surroundings(family, 4),
                List.of(),
                any -> Optional.empty(),
                NOW);
    }

    private World world(List<Job> jobs, List<Pod> pods) {
        return World.of(family, jobs, pods);
    }

    private static MemberStatus member(MemberState state, String job) {
        ModelFamily written = Families.read("""
                apiVersion: modelfamily.dev/v1alpha1
                kind: ModelFamily
                metadata: {name: x}
                status: {members: [{name: large, state: %s, key: '%s', job: '%s', attempt: 1}]}
                """.formatted(state, Jobs.KEY, job));
        return written.getStatus().members().getFirst();
    }

    private static StageResult result(String key) {
        return new StageResult(
                StageOrder.VERSION,
                key,
                "large",
                "sha256:9",
                "/mnt/claims/models/team-a/tiny/stages/1/attempt-1",
                800,
                3200,
                new TreeMap<>(Map.of("held-out", 20.5)),
                new TreeMap<>(Map.of("held-out", 12.25)),
                new TreeMap<>(Map.of("held-out", 10.0)),
                1_000_000,
                60,
                "");
    }

    private static PrepareResult prepared() {
        return new PrepareResult(
                StageOrder.VERSION,
                new ModelRef("/mnt/claims/models/team-a/tiny/prepared/1/parent", "sha256:1"),
                "abc",
                JsonNodeFactory.instance.objectNode().put("model_type", "llama").put("rms_norm_eps", 1e-5),
                1000,
                List.of(new PreparedData(
                        new DataRef("training", "/mnt/claims/models/team-a/tiny/prepared/1/training", "sha256:2", 0),
                        "sha256:3",
                        5000,
                        10,
                        1)));
    }
}
