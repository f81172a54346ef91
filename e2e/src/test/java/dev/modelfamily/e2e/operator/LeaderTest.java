package dev.modelfamily.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.e2e.cluster.ApiFault;
import dev.modelfamily.e2e.cluster.ApiProxy;
import dev.modelfamily.e2e.cluster.Behaviour;
import dev.modelfamily.e2e.cluster.Behaviour.Step;
import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.SharedCluster;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two operators, of which one works. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class LeaderTest {
    private static final String LEADS = "modelfamily_leader 1.0";
    private static final String WAITS = "modelfamily_leader 0.0";

    @Test
    void whenTheLeaderDiesTheOtherGoesOn(ControlPlane cluster) {
        try (Pair pair = new Pair(cluster, "dies")) {
            pair.family();

            pair.first.kill();
            pair.finish();

            assertThat(pair.second.metrics()).contains(LEADS);
        }
    }

    @Test
    void aLeaderThatIsCutOffStopsAndTheOtherGoesOn(ControlPlane cluster) {
        try (Pair pair = new Pair(cluster, "cut-off")) {
            pair.family();

            pair.toFirst.rule(_ -> new ApiFault.Before(() -> {}));
            pair.toFirst.breakWatches();
            await("the other leads")
                    .atMost(Place.PATIENCE)
                    .until(() -> pair.second.metrics().contains(LEADS));
            assertThat(pair.first.isAlive() && pair.first.metrics().contains(LEADS))
                    .as("both lead")
                    .isFalse();
            pair.toFirst.rule(_ -> new ApiFault.None());
            pair.finish();

            assertThat(pair.first.isAlive() && pair.first.metrics().contains(LEADS))
                    .as("both lead")
                    .isFalse();
        }
    }

    /** Two operators in one place, and a family in the middle of its life. */
    private static final class Pair implements AutoCloseable {
        private final Place place;
        private final ApiProxy toFirst;
        private final ApiProxy toSecond;
        private final Witness witness;
        private final OperatorProcess first;
        private final OperatorProcess second;
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        Pair(ControlPlane cluster, String name) {
            place = Place.empty(cluster, name);
            place.createClaim();
            witness = new Witness(cluster.client(), place.namespace());
            toFirst = cluster.proxy();
            toSecond = cluster.proxy();
            place.startOperatorBehind(toFirst, candidate("first"));
            first = place.operator();
            await("the first leads")
                    .atMost(Place.PATIENCE)
                    .until(() -> first.metrics().contains(LEADS));
            place.startOperatorBehind(toSecond, candidate("second"));
            second = place.operator();
        }

        private Map<String, String> candidate(String name) {
            return Map.of(
                    "MODELFAMILY_LEADER_ELECTION_ENABLED",
                    "true",
                    "POD_NAME",
                    name,
                    "POD_NAMESPACE",
                    place.namespace());
        }

        void family() {
            place.trainer()
                    .play("medium", message -> Behaviour.play(new Step.RunsUntil(done), new Step.Exits(0, message)));
            place.apply("tiny", "");
            place.awaitMember("tiny", "medium", member -> member.state() == MemberState.Running);
            assertThat(second.metrics()).contains(WAITS);
        }

        void finish() {
            done.complete(null);
            ModelFamilyStatus status = place.awaitPhase("tiny", "Succeeded");
            assertThat(status.members()).extracting(MemberStatus::attempt).containsOnly(1);
            assertThat(place.jobs().values()).hasSize(4).allMatch(jobs -> jobs.size() == 1);
            witness.assertNoOffence();
        }

        @Override
        public void close() {
            witness.close();
            place.close();
            toFirst.close();
            toSecond.close();
        }
    }
}
