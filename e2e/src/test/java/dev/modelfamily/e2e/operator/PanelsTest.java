package dev.modelfamily.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.Ports;
import dev.modelfamily.e2e.cluster.SharedCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the dashboards show of a real family: the operator, the trainer and Prometheus are the real ones. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class PanelsTest {
    private static final Pattern SERIES = Pattern.compile("([a-z_]+)(?:\\{(.*)})? .*");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"[^\"]*\"");

    @Test
    void everyPanelHasAnAnswerAndTheSamplesOfTheChartAreWhatTheOperatorSays(ControlPlane cluster, @TempDir Path folder)
            throws Exception {
        int trainer = Ports.free();
        try (Place place = Place.empty(cluster, "panels")) {
            place.createClaim();
            Quickstart.copyInputs(place.storage());
            place.trainer().playAll(_ -> RealTrainer.inPod());
            place.startOperator(Map.of("MODELFAMILY_TRAINER_METRICS_PORT", Integer.toString(trainer)));
            // The second member is never done, so that there is time to look.
            place.create(Quickstart.family(place.namespace(), "4k", "100M", "8k"));
            place.awaitMember(Quickstart.NAME, "large", member -> member.state() == MemberState.Succeeded);
            place.awaitMember(
                    Quickstart.NAME,
                    "medium",
                    member -> member.optionalProgress()
                            .filter(progress -> progress.tokens() > 0)
                            .isPresent());

            try (Prometheus prometheus = Prometheus.start(
                    place.operator().managementPort(), trainer, place.namespace(), Quickstart.NAME, "medium", folder)) {
                await().atMost(Place.PATIENCE)
                        .pollInterval(Duration.ofSeconds(2))
                        .untilAsserted(() -> assertThat(prometheus.panels(place.namespace(), Quickstart.NAME))
                                .containsPattern("(?m)^[1-9][0-9]* passed, 0 failed$"));
            }
            assertThat(series(place.operator().metrics().stream())).containsAll(sample());
        }
    }

    /** The series that the dashboards and alerts are tested with where no operator runs. */
    private static SortedSet<String> sample() throws IOException {
        SortedSet<String> sample =
                series(Files.readAllLines(Place.ROOT.resolve("charts/tests/testdata/operator.prom")).stream());
        assertThat(sample).hasSizeGreaterThan(30);
        return sample;
    }

    /** Names of metrics, each with the names of its labels. */
    private static SortedSet<String> series(Stream<String> lines) {
        return lines.map(SERIES::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group(1) + " " + labels(line.group(2)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static SortedSet<String> labels(String text) {
        return LABEL.matcher(text == null ? "" : text)
                .results()
                .map(label -> label.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
