package dev.modelfamily.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.e2e.cluster.ApiCall;
import dev.modelfamily.e2e.cluster.ApiFault;
import dev.modelfamily.e2e.cluster.ApiProxy;
import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.SharedCluster;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An API server that is slow, refuses, or breaks off: the family is made all the same, and nothing twice. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class ApiFaultsTest {
    private static final ApiFault NONE = new ApiFault.None();

    private static final String EDIT = """
            {'spec': {'members': [
              {'name': 'large', 'size': '80%', 'tokens': '100k'},
              {'name': 'medium', 'size': '65%', 'tokens': '100k'},
              {'name': 'small', 'size': '45%', 'tokens': '100k'}]}}""";

    @Test
    void aSlowApiServerMakesTheFamilySlowerAndNothingElse(ControlPlane cluster) {
        assertMadeAsUsual(cluster, "slow", _ -> new ApiFault.Delay(Duration.ofMillis(400)));
    }

    @Test
    void callsThatConflictAreMadeAgain(ControlPlane cluster) {
        assertMadeAsUsual(cluster, "conflict", everySecondChange(new ApiFault.Refuse(409, "Conflict")));
    }

    @Test
    void anApiServerThatIsBusyIsAskedAgainLater(ControlPlane cluster) {
        assertMadeAsUsual(cluster, "busy", everySecondChange(new ApiFault.Refuse(429, "TooManyRequests")));
    }

    @Test
    void anApiServerThatFailsIsAskedAgainLater(ControlPlane cluster) {
        assertMadeAsUsual(cluster, "failing", everySecondChange(new ApiFault.Refuse(500, "InternalError")));
    }

    @Test
    void anAnswerThatIsLostIsFoundOutAbout(ControlPlane cluster) {
        assertMadeAsUsual(cluster, "lost", everySecondChange(new ApiFault.After(() -> {})));
    }

    @Test
    void watchesThatBreakAreBegunAgain(ControlPlane cluster) {
        try (Place place = Place.empty(cluster, "watches");
                ApiProxy proxy = cluster.proxy()) {
            place.createClaim();
            place.startOperatorBehind(proxy, Map.of());
            proxy.rule(call -> {
                if (call.isMutating()) {
                    proxy.breakWatches();
                }
                return NONE;
            });
            assertMade(place);
        }
    }

    @Test
    void aSpecThatIsEditedDuringAnyWriteOfTheStatusIsTheOneThatIsMade(ControlPlane cluster) {
        try (Place place = Place.empty(cluster, "race");
                ApiProxy proxy = cluster.proxy();
                Witness witness = new Witness(cluster.client(), place.namespace())) {
            place.createClaim();
            place.startOperatorBehind(proxy, Map.of());
            boolean reached = true;
            for (int write = 1; reached; write++) {
                String name = "edited-in-" + write;
                AtomicInteger writes = new AtomicInteger();
                int chosen = write;
                proxy.rule(call -> {
                    if (isStatusWrite(call) && writes.incrementAndGet() == chosen) {
                        place.patch(name, EDIT);
                    }
                    return NONE;
                });
                place.apply(name, "");
                place.awaitPhase(name, "Succeeded");
                reached = writes.get() >= write;
                if (reached) {
                    assertEdited(place, name);
                }
            }
            witness.assertNoOffence();
        }
    }

    private static void assertEdited(Place place, String name) {
        ModelFamilyStatus status = place.awaitStatus(
                name,
                "the edited family",
                made -> made.observedGeneration() == 2 && made.phase().equals("Succeeded"));
        assertThat(status.members()).allMatch(member -> member.state() == MemberState.Succeeded);
        int small = place.jobs(name).get("small").size();
        assertThat(small).as(name).isBetween(1, 2);
        assertThat(status.member("small")
                        .orElseThrow()
                        .optionalResult()
                        .orElseThrow()
                        .parameters())
                .as("45 %% in ranks that are multiples of 8, of %s; before the edit it was 195,200", name)
                .isEqualTo(176_768L);
        assertThat(place.jobs(name).get("large")).hasSize(1);
        assertThat(place.jobs(name).get("medium")).hasSize(1);
    }

    private static boolean isStatusWrite(ApiCall call) {
        return call.isMutating() && call.path().contains("/status");
    }

    private static void assertMadeAsUsual(ControlPlane cluster, String name, Function<ApiCall, ApiFault> rule) {
        try (Place place = Place.empty(cluster, name);
                ApiProxy proxy = cluster.proxy()) {
            place.createClaim();
            place.startOperatorBehind(proxy, Map.of());
            proxy.rule(rule);
            assertMade(place);
        }
    }

    private static void assertMade(Place place) {
        try (Witness witness = new Witness(place.client(), place.namespace())) {
            place.apply("tiny", "");

            ModelFamilyStatus status = place.awaitPhase("tiny", "Succeeded");

            assertThat(status.members())
                    .hasSize(3)
                    .allSatisfy(member -> assertThat(member)
                            .returns(1, MemberStatus::attempt)
                            .returns(0, MemberStatus::failures)
                            .returns(0, MemberStatus::disruptions));
            assertThat(place.jobs().values()).hasSize(4).allMatch(jobs -> jobs.size() == 1);
            witness.assertNoOffence();
        }
    }

    private static Function<ApiCall, ApiFault> everySecondChange(ApiFault fault) {
        AtomicInteger changes = new AtomicInteger();
        return call -> call.isMutating() && changes.incrementAndGet() % 2 == 1 ? fault : NONE;
    }
}
