package dev.modelfamily.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.SharedCluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An operator with the memory that the chart gives it, where there are many families. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class ManyFamiliesTest {
    private static final int FAMILIES = 1000;

    @Test
    void anOperatorThatFindsAThousandFamiliesHasMemoryEnoughToStartAndToMakeAnother(ControlPlane cluster) {
        try (Place place = Place.of(cluster, "many")) {
            place.applyWithoutDevice("made");
            place.awaitPhase("made", "Succeeded");
            place.operator().kill();
            GenericKubernetesResource made = place.raw("made");
            IntStream.range(1, FAMILIES).forEach(copy -> place.copyFinished(made, "copy-" + copy));

            place.startOperator();
            await("the operator knows all of them")
                    .atMost(Place.PATIENCE)
                    .until(() -> place.operator()
                            .metrics()
                            .contains("modelfamily_families{phase=\"Succeeded\"} " + (double) FAMILIES));
            place.applyWithoutDevice("another");
            place.awaitPhase("another", "Succeeded");

            assertThat(place.operator().isAlive()).isTrue();
        }
    }
}
