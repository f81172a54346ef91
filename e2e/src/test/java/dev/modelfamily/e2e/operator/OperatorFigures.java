package dev.modelfamily.e2e.operator;

import static org.awaitility.Awaitility.await;

import dev.modelfamily.e2e.cluster.AuditLog.Request;
import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.SharedCluster;
import dev.modelfamily.e2e.operator.FigureTable.Row;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Measures the operator on a real control plane with scripted pods. No test: its name keeps it out of them, and
 * {@code benchmarks/operator} runs it.
 */
@ExtendWith(SharedCluster.class)
class OperatorFigures {
    private static final int STARTS = Integer.getInteger("figures.starts", 5);
    private static final int FAMILIES = Integer.getInteger("figures.families", 1000);
    private static final Duration IDLE = Duration.ofSeconds(Long.getLong("figures.idle", 600));
    /** Families that are made one after the other, and then that many at once. */
    private static final int SAMPLES = Integer.getInteger("figures.samples", 10);

    private static final int AT_ONCE = 50;
    /** The preparation and three members. */
    private static final int STAGES = 4;

    /** After a start, until what is done once is done. */
    private static final Duration SETTLED = Duration.ofSeconds(20);

    private static final Duration LONG = Duration.ofMinutes(20);

    private final FigureTable table = new FigureTable(Path.of("target", "operator-figures.md"));

    @Test
    void measure(ControlPlane cluster) throws Exception {
        try (Place place = Place.empty(cluster, "figures")) {
            place.createClaim();
            starts(place, "as the image starts it", OperatorProgram::command);
            starts(place, "with java -jar", OperatorProgram::plainCommand);
            place.startOperator();
            Thread.sleep(SETTLED);
            memory(place, "without families", "< 130");
            stages(place);
            throughput(place);
            many(place);
        } finally {
            table.write();
        }
    }

    private void starts(Place place, String how, Supplier<List<String>> command) {
        List<Double> wall = new ArrayList<>();
        List<Double> processor = new ArrayList<>();
        for (int start = 0; start < STARTS; start++) {
            place.startOperator(command.get(), Map.of());
            wall.add(seconds(place.operator().startTime()));
            processor.add(seconds(place.operator().startProcessorTime()));
            place.operator().kill();
        }
        table.add(new Row("start to ready, " + how + ", median of " + STARTS, "s", median(wall), "< 1.5"));
        table.add(new Row("processor time of that, median", "s", median(processor), ""));
    }

    /** Families one after the other. */
    private void stages(Place place) {
        for (int family = 0; family < SAMPLES; family++) {
            place.applyWithoutDevice("alone-" + family);
            place.awaitPhase("alone-" + family, "Succeeded");
        }
        IntStream.range(0, SAMPLES).forEach(family -> awaitAnnounced(place, "alone-" + family));
        double all = place.writes().size();
        List<Double> gaps = new ArrayList<>();
        List<Double> writes = new ArrayList<>();
        List<Double> jobs = new ArrayList<>();
        for (int family = 0; family < SAMPLES; family++) {
            Life life = new Life(place, "alone-" + family);
            gaps.addAll(life.gaps());
            writes.addAll(life.statusWrites());
            jobs.add((double) life.created().size() / STAGES);
        }
        table.add(new Row("Jobs created per stage, most", "", Collections.max(jobs), "1"));
        table.add(new Row("writes of all kinds per stage, events included, mean", "", all / (SAMPLES * STAGES), ""));
        table.add(new Row("status writes per stage, median", "", median(writes), ""));
        table.add(new Row("status writes per stage, most", "", Collections.max(writes), "<= 4"));
        table.add(new Row("end of a stage's pod to the next Job, median of " + gaps.size(), "s", median(gaps), ""));
        table.add(new Row("end of a stage's pod to the next Job, longest", "s", Collections.max(gaps), "< 1"));
    }

    /** Families all at once. */
    private void throughput(Place place) {
        Instant begin = Instant.now();
        IntStream.range(0, AT_ONCE).forEach(family -> place.applyWithoutDevice("together-" + family));
        IntStream.range(0, AT_ONCE).forEach(family -> place.awaitPhase("together-" + family, "Succeeded"));
        double minutes = Duration.between(begin, Instant.now()).toMillis() / 60_000.0;
        table.add(new Row("families per minute, " + AT_ONCE + " at once, pods of 0.3 s", "", AT_ONCE / minutes, ""));
    }

    /** Finished families, which are there when the operator starts, and of which each is then touched. */
    private void many(Place place) throws InterruptedException {
        place.operator().kill();
        GenericKubernetesResource made = place.raw("alone-0");
        IntStream.range(SAMPLES + AT_ONCE, FAMILIES).forEach(copy -> place.copyFinished(made, "copy-" + copy));
        place.startOperator();
        awaitFamilies(place);
        Thread.sleep(SETTLED);
        memory(place, "with " + FAMILIES + " families of three members", "< 200");
        int written = place.writes().size();
        IntStream.range(SAMPLES + AT_ONCE, FAMILIES)
                .forEach(copy -> place.patch("copy-" + copy, "{'metadata': {'labels': {'touched': 'yes'}}}"));
        Thread.sleep(IDLE);
        table.add(new Row(
                "writes in " + IDLE.toSeconds() + " s after each of them was touched",
                "",
                place.writes().size() - written,
                "0"));
        memory(place, "after that", "< 200");
    }

    private void memory(Place place, String when, String aim) {
        table.add(new Row("resident memory " + when, "MB", place.operator().residentMegabytes(), aim));
        table.add(new Row("of which no file's content", "MB", place.operator().ownMegabytes(), ""));
    }

    private static void awaitFamilies(Place place) {
        await().atMost(LONG)
                .until(() -> place.operator().metrics().stream()
                        .anyMatch(
                                line -> line.equals("modelfamily_families{phase=\"Succeeded\"} " + (double) FAMILIES)));
    }

    private static void awaitAnnounced(Place place, String family) {
        await().atMost(Place.PATIENCE).until(() -> place.events(family).contains("FamilyComplete"));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }

    /** What the API server was asked for about one family. */
    private static final class Life {
        private final List<Request> jobs;
        private final List<Request> statuses;
        private final List<Request> pods;

        Life(Place place, String family) {
            jobs = place.writes().stream()
                    .filter(write ->
                            write.resource().equals("jobs") && write.verb().equals("create"))
                    .filter(write -> write.name().startsWith(family + "-"))
                    .sorted(Comparator.comparing(Request::at))
                    .toList();
            statuses = place.writes().stream()
                    .filter(write -> write.resource().equals("modelfamilies/status"))
                    .filter(write -> write.name().equals(family))
                    .toList();
            pods = place.podStatuses().stream()
                    .filter(write -> write.name().startsWith(family + "-"))
                    .toList();
        }

        List<String> created() {
            return jobs.stream().map(Request::name).toList();
        }

        /** From the last status of a Job's pod to the next Job, in seconds. */
        List<Double> gaps() {
            return IntStream.range(1, jobs.size())
                    .mapToObj(next -> end(jobs.get(next - 1))
                            .map(end ->
                                    seconds(Duration.between(end, jobs.get(next).at())))
                            .orElseThrow())
                    .toList();
        }

        /** Between the creation of a Job and that of the next, or the end. */
        List<Double> statusWrites() {
            return IntStream.range(0, jobs.size())
                    .mapToObj(job -> (double) statuses.stream()
                            .filter(write -> write.at().isAfter(jobs.get(job).at()))
                            .filter(write -> job + 1 == jobs.size()
                                    || write.at().isBefore(jobs.get(job + 1).at()))
                            .count())
                    .toList();
        }

        private Optional<Instant> end(Request job) {
            return pods.stream()
                    .filter(write -> write.name().startsWith(job.name() + "-"))
                    .map(Request::at)
                    .max(Comparator.naturalOrder());
        }
    }
}
