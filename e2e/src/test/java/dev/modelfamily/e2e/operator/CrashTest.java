package dev.modelfamily.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.contract.Json;
import dev.modelfamily.e2e.cluster.ApiCall;
import dev.modelfamily.e2e.cluster.ApiFault;
import dev.modelfamily.e2e.cluster.ApiProxy;
import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.SharedCluster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The operator is killed right before or right after a call that changes something, and started again. With
 * {@code -Dcrash.points=all} at every such call of a family's life, otherwise at some of them, by a seed that is said on failure.
 */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class CrashTest {
    private static final boolean ALL = "all".equals(System.getProperty("crash.points"));
    private static final int SOME = 8;
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());

    /**
     * A moment of a family's life.
     *
     * @param call the number of the call, from 1
     * @param answered whether the API server does what it is asked before the operator dies
     */
    private record Point(int call, boolean answered) {
        String family() {
            return (answered ? "after-" : "before-") + call;
        }
    }

    @Test
    void afterADeathAtAnyCallTheFamilyIsMadeAsIfNothingHadBeen(ControlPlane cluster) {
        try (Place place = Place.empty(cluster, "crash");
                ApiProxy proxy = cluster.proxy();
                Witness witness = new Witness(cluster.client(), place.namespace())) {
            place.createClaim();
            place.startOperatorBehind(proxy, Map.of());
            AtomicInteger calls = new AtomicInteger();
            proxy.rule(counting(calls));
            String undisturbed = life(place, "undisturbed");
            int most = calls.get();

            List<Point> points = points(most);
            int reached = 0;
            for (Point point : points) {
                AtomicBoolean died = new AtomicBoolean();
                proxy.rule(dying(point, () -> {
                    died.set(true);
                    place.operator().kill();
                }));
                place.apply(point.family(), "");
                await().atMost(Place.PATIENCE).until(() -> died.get() || isAnnounced(place, point.family()));
                place.operator().kill();
                reached += died.get() ? 1 : 0;
                proxy.rule(_ -> new ApiFault.None());
                place.startOperatorBehind(proxy, Map.of());

                assertThat(end(place, point.family()))
                        .as("seed %d, %s", SEED, point)
                        .isEqualTo(undisturbed);
                assertThat(place.jobs(point.family()).values())
                        .as("seed %d, %s", SEED, point)
                        .hasSize(4)
                        .allMatch(jobs -> jobs.size() == 1);
            }
            witness.assertNoOffence();
            System.out.printf(
                    "crash: %d calls, %d points tried, %d of them reached, seed %d%n",
                    most, points.size(), reached, SEED);
            assertThat(reached).isPositive();
        }
    }

    /** The event of its end is the last call of a life; a life may have fewer calls than another, so a point may not come. */
    private static boolean isAnnounced(Place place, String name) {
        return place.events(name).contains("FamilyComplete");
    }

    private static List<Point> points(int calls) {
        List<Point> points = new ArrayList<>();
        for (int call = 1; call <= calls; call++) {
            points.add(new Point(call, false));
            points.add(new Point(call, true));
        }
        if (ALL) {
            return points;
        }
        Collections.shuffle(points, new Random(SEED));
        return points.subList(0, SOME);
    }

    private static Function<ApiCall, ApiFault> counting(AtomicInteger calls) {
        return call -> {
            if (call.isMutating()) {
                calls.incrementAndGet();
            }
            return new ApiFault.None();
        };
    }

    private static Function<ApiCall, ApiFault> dying(Point point, Runnable death) {
        AtomicInteger calls = new AtomicInteger();
        return call -> {
            if (!call.isMutating() || calls.incrementAndGet() != point.call()) {
                return new ApiFault.None();
            }
            return point.answered() ? new ApiFault.After(death) : new ApiFault.Before(death);
        };
    }

    private static String life(Place place, String name) {
        place.apply(name, "");
        return end(place, name);
    }

    /** What the family has become, without names, times and how long it took, and the digits of Jobs. */
    private static String end(Place place, String name) {
        place.awaitPhase(name, "Succeeded");
        ModelFamily family = place.family(name);
        assertThat(family.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(family.getStatus().members())
                .allMatch(member -> member.attempt() == 1)
                .extracting(MemberStatus::disruptions)
                .containsOnly(0);
        return Json.line(family.getStatus())
                .replace(name, "FAMILY")
                .replaceAll("FAMILY-([a-z]+)-[0-9a-f]{12}-", "FAMILY-$1-")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ", "TIME")
                .replaceAll(",\"(ranSeconds|gpuSeconds|gpuHours)\":\"?[0-9.]+\"?", "")
                .replaceAll("\"gpuSeconds\":\\d+,", "");
    }
}
