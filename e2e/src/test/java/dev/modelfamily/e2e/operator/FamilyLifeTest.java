package dev.modelfamily.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.e2e.cluster.AuditLog.Request;
import dev.modelfamily.e2e.cluster.Behaviour;
import dev.modelfamily.e2e.cluster.Behaviour.Step;
import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.SharedCluster;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Lives of families: the operator as it is packaged, Jobs and pods as Kubernetes makes them, trainers that play. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class FamilyLifeTest {
    @Test
    void aFamilyIsMadeStageByStageAndThenNothingIsWrittenAnyMore(ControlPlane cluster) {
        try (Place place = Place.of(cluster, "life")) {
            place.apply("tiny", "");

            ModelFamilyStatus status = place.awaitPhase("tiny", "Succeeded");

            assertThat(status.members()).allSatisfy(member -> {
                assertThat(member.state()).isEqualTo(MemberState.Succeeded);
                assertThat(member.attempt()).isEqualTo(1);
                assertThat(member.optionalResult()).isPresent();
            });
            assertThat(place.jobs()).containsOnlyKeys("parent", "large", "medium", "small");
            assertThat(place.jobs().values()).allMatch(jobs -> jobs.size() == 1);
            await().atMost(Place.PATIENCE).until(() -> place.events("tiny").contains("FamilyComplete"));
            assertThat(place.events("tiny"))
                    .contains("PreparationFinished", "Planned")
                    .filteredOn("StageFinished"::equals)
                    .hasSize(3);
            assertWritesPerStage(place.writes());
            assertThat(place.operator().metrics())
                    .contains(
                            "modelfamily_members{state=\"Succeeded\"} 3.0",
                            "modelfamily_attempts_total{cause=\"start\"} 3.0",
                            "modelfamily_leader 1.0");

            int written = place.writes().size();
            place.operator().kill();
            place.startOperator();
            place.patch("tiny", "{'metadata': {'labels': {'touched': 'yes'}}}");
            await().during(Duration.ofSeconds(10))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> place.writes().size() == written);
        }
    }

    /** One preparation and three stages: one create and at most four status writes for each. */
    private static void assertWritesPerStage(List<Request> writes) {
        assertThat(writes).filteredOn(write -> write.resource().equals("jobs")).hasSize(4);
        assertThat(writes)
                .filteredOn(write -> write.resource().equals("modelfamilies/status"))
                .hasSizeLessThanOrEqualTo(16);
        assertThat(writes).extracting(Request::resource).containsOnly("jobs", "modelfamilies/status", "events");
    }

    @Test
    void aSuspendedFamilyStopsAndLaterGoesOnWhereItWas(ControlPlane cluster) {
        try (Place place = Place.of(cluster, "suspended")) {
            place.trainer().play("medium", message -> Behaviour.hangs());
            place.apply("tiny", "");
            place.awaitMember("tiny", "medium", member -> member.state() == MemberState.Running);

            place.patch("tiny", "{'spec': {'suspend': true}}");
            place.awaitPhase("tiny", "Suspended");
            await().atMost(Place.PATIENCE).until(() -> !place.jobs().containsKey("medium"));
            ModelFamilyStatus suspended = place.family("tiny").getStatus();
            place.trainer().playWell("medium");
            place.patch("tiny", "{'spec': {'suspend': false}}");
            ModelFamilyStatus done = place.awaitPhase("tiny", "Succeeded");

            assertThat(suspended.member("large").orElseThrow().state()).isEqualTo(MemberState.Succeeded);
            assertThat(done.member("large")).isEqualTo(suspended.member("large"));
            assertThat(done.member("medium").orElseThrow())
                    .returns(2, MemberStatus::attempt)
                    .returns(0, MemberStatus::failures)
                    .returns(0, MemberStatus::disruptions);
            await().atMost(Place.PATIENCE)
                    .until(() -> place.events("tiny").containsAll(List.of("Suspended", "Resumed", "FamilyComplete")));
        }
    }

    @Test
    void anEditRunsOnlyWhatItChanges(ControlPlane cluster) {
        try (Place place = Place.of(cluster, "edited")) {
            place.apply("tiny", "");
            ModelFamilyStatus before = place.awaitPhase("tiny", "Succeeded");

            place.patch("tiny", """
                    {'spec': {'members': [
                      {'name': 'large', 'size': '80%', 'tokens': '100k'},
                      {'name': 'medium', 'size': '60%', 'tokens': '100k'},
                      {'name': 'small', 'size': '50%', 'tokens': '100k'}]}}""");
            ModelFamilyStatus after = place.awaitStatus(
                    "tiny",
                    "the second generation",
                    status -> status.observedGeneration() == 2 && status.phase().equals("Succeeded"));

            assertThat(after.member("large")).isEqualTo(before.member("large"));
            assertThat(after.member("medium").orElseThrow().key())
                    .isNotEqualTo(before.member("medium").orElseThrow().key());
            assertThat(place.jobs().get("large")).hasSize(1);
            assertThat(place.jobs().get("medium")).hasSize(2);
            assertThat(place.jobs().get("small")).hasSize(2);
        }
    }

    @Test
    void aKilledOperatorFindsItsFamiliesAsItLeftThem(ControlPlane cluster) {
        try (Place place = Place.of(cluster, "killed")) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            place.trainer()
                    .play("medium", message -> Behaviour.play(new Step.RunsUntil(done), new Step.Exits(0, message)));
            place.apply("tiny", "");
            place.awaitMember("tiny", "medium", member -> member.state() == MemberState.Running);

            place.operator().kill();
            done.complete(null);
            await().atMost(Place.PATIENCE)
                    .until(() -> isComplete(place.jobs().get("medium").getFirst()));
            place.startOperator();
            ModelFamilyStatus status = place.awaitPhase("tiny", "Succeeded");

            assertThat(status.members()).allMatch(member -> member.attempt() == 1);
            assertThat(place.jobs().values()).allMatch(jobs -> jobs.size() == 1);
        }
    }

    @Test
    void anEvictedStageIsTriedAgainAndCountsAsNoFailure(ControlPlane cluster) {
        try (Place place = Place.of(cluster, "evicted")) {
            place.trainer().play("large", message -> {
                place.trainer().playWell("large");
                return Behaviour.play(
                        new Step.Runs(Duration.ofMillis(500)),
                        new Step.IsEvicted("The node was low on resource: memory."));
            });
            place.apply("tiny", "");

            ModelFamilyStatus status = place.awaitPhase("tiny", "Succeeded");

            assertThat(status.member("large").orElseThrow())
                    .returns(2, MemberStatus::attempt)
                    .returns(1, MemberStatus::disruptions)
                    .returns(0, MemberStatus::failures);
            await().atMost(Place.PATIENCE).until(() -> place.events("tiny").contains("StageDisrupted"));
        }
    }

    @Test
    void aJobThatSomebodyDeletesIsMadeAgain(ControlPlane cluster) {
        try (Place place = Place.of(cluster, "deleted")) {
            place.trainer().play("large", message -> Behaviour.hangs());
            place.apply("tiny", "");
            place.awaitMember("tiny", "large", member -> member.state() == MemberState.Running);

            place.trainer().playWell("large");
            place.client().resource(place.jobs().get("large").getFirst()).delete();
            ModelFamilyStatus status = place.awaitPhase("tiny", "Succeeded");

            assertThat(status.member("large").orElseThrow())
                    .returns(2, MemberStatus::attempt)
                    .returns(1, MemberStatus::disruptions);
        }
    }

    @Test
    void aPermanentErrorEndsTheFamilyWithTheTrainersWords(ControlPlane cluster) {
        try (Place place = Place.of(cluster, "permanent")) {
            place.trainer().play("medium", message -> Behaviour.fails(Duration.ZERO, 65, "the checkpoint is damaged"));
            place.apply("tiny", "");

            ModelFamilyStatus status = place.awaitPhase("tiny", "Failed");

            assertThat(status.member("medium").orElseThrow())
                    .returns(MemberState.Failed, MemberStatus::state)
                    .returns("the checkpoint is damaged", MemberStatus::message);
            assertThat(status.member("small").orElseThrow().state()).isEqualTo(MemberState.Blocked);
            assertThat(place.jobs().get("medium")).hasSize(1);
            await().atMost(Place.PATIENCE).until(() -> place.events("tiny").contains("StageFailed"));
        }
    }

    @Test
    void outOfMemoryIsResumedAndSaidInWords(ControlPlane cluster) {
        try (Place place = Place.of(cluster, "memory")) {
            place.trainer().play("large", message -> {
                place.trainer().playWell("large");
                return Behaviour.play(new Step.Runs(Duration.ZERO), new Step.RunsOutOfMemory());
            });
            place.apply("tiny", "");

            ModelFamilyStatus status = place.awaitPhase("tiny", "Succeeded");

            assertThat(status.member("large").orElseThrow())
                    .returns(2, MemberStatus::attempt)
                    .returns(1, MemberStatus::resumes);
        }
    }

    @Test
    void aMissingImageIsShownAsWhatIsWaitedFor(ControlPlane cluster) {
        try (Place place = Place.of(cluster, "image")) {
            place.trainer()
                    .play("parent", message -> Behaviour.play(new Step.NeverStarts("ErrImagePull", "no such image")));
            place.apply("tiny", "");

            place.awaitStatus(
                    "tiny",
                    "the reason",
                    status -> status.optionalPreparing()
                            .filter(preparing -> preparing.state() == MemberState.Queued
                                    && preparing.reason().equals("ImagePullBackOff"))
                            .isPresent());
        }
    }

    @Test
    void aClaimThatComesLateIsWaitedFor(ControlPlane cluster) {
        try (Place place = Place.empty(cluster, "claim")) {
            place.startOperator();
            place.apply("tiny", "");
            place.awaitStatus(
                    "tiny",
                    "the reason",
                    status -> status.optionalPreparing()
                            .filter(preparing -> preparing.reason().equals("VolumeMissing"))
                            .isPresent());

            place.createClaim();

            place.awaitPhase("tiny", "Succeeded");
        }
    }

    @Test
    void aPodThatTheApiServerRefusesIsAPermanentErrorAndAnEditMendsIt(ControlPlane cluster) {
        try (Place place = Place.of(cluster, "refused")) {
            place.apply("tiny", "suspend: true");
            place.awaitPhase("tiny", "Suspended");
            place.patch("tiny", """
                    {'spec': {'suspend': false, 'trainer': {'podPatches': [
                      {'manager': 'm', 'patch': {'spec': {'restartPolicy': 'Always'}}}]}}}""");

            ModelFamilyStatus refused = place.awaitPhase("tiny", "Failed");
            place.patch("tiny", "{'spec': {'trainer': {'podPatches': null}}}");
            place.awaitPhase("tiny", "Succeeded");

            assertThat(refused.optionalPreparing().orElseThrow().message())
                    .contains("the API server refuses the Job")
                    .contains("restartPolicy");
        }
    }

    @Test
    void aDeletedFamilyTakesItsFilesAlongWhereAsked(ControlPlane cluster) {
        try (Place place = Place.of(cluster, "removed")) {
            CompletableFuture<Void> cleaned = new CompletableFuture<>();
            place.trainer().play("", message -> Behaviour.play(new Step.RunsUntil(cleaned), new Step.Exits(0, "")));
            place.apply("tiny", "retention: {onDelete: Delete}");
            place.awaitPhase("tiny", "Succeeded");

            place.families().withName("tiny").delete();
            Map<String, List<Job>> cleaning = await().atMost(Place.PATIENCE)
                    .until(place::jobs, jobs -> jobs.keySet().equals(Set.of("")));
            assertThat(place.family("tiny")).isNotNull();
            cleaned.complete(null);

            await().atMost(Place.PATIENCE).until(() -> place.family("tiny") == null);
            await().atMost(Place.PATIENCE).until(() -> place.jobs().isEmpty());
            assertThat(cleaning.get("")
                            .getFirst()
                            .getSpec()
                            .getTemplate()
                            .getSpec()
                            .getContainers()
                            .getFirst()
                            .getArgs())
                    .containsExactly("clean", "/mnt/claims/models/tiny");
        }
    }

    private static boolean isComplete(Job job) {
        return job.getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Complete"));
    }
}
