package dev.modelfamily.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.contract.Reporting;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("process")
class MetricsTest {
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(modelfamily_trainer_\\w+)` \\|");

    @Test
    void serves_every_metric_of_the_reference_and_no_other() throws Exception {
        try (Served served = new Served()) {
            served.reporter.recovery(0, 1000).at(10, new Reporter.Training(2.5, 1e-3, 0.5));
            String reference = Files.readString(Path.of("..", "docs", "reference", "metrics.md"));
            assertThat(served.metrics().keySet())
                    .containsExactlyInAnyOrderElementsOf(DOCUMENTED
                            .matcher(reference)
                            .results()
                            .map(match -> match.group(1))
                            .toList());
        }
    }

    @Test
    void shows_the_last_step_of_recovery() throws Exception {
        try (Served served = new Served()) {
            served.reporter.recovery(200, 1000).at(300, new Reporter.Training(2.5, 1e-3, 0.5));
            assertThat(served.metrics())
                    .containsEntry("modelfamily_trainer_tokens", 300.0)
                    .containsEntry("modelfamily_trainer_tokens_wanted", 1000.0)
                    .containsEntry("modelfamily_trainer_loss", 2.5)
                    .containsEntry("modelfamily_trainer_learning_rate", 1e-3)
                    .containsEntry("modelfamily_trainer_gradient_norm", 0.5);
        }
    }

    @Test
    void counts_the_age_of_a_checkpoint_from_the_begin_of_recovery() throws Exception {
        try (Served served = new Served()) {
            served.reporter.begin("load", 0, 10);
            assertThat(served.metrics()).containsEntry("modelfamily_trainer_checkpoint_timestamp_seconds", 0.0);
            served.reporter.recovery(0, 1000).at(10, new Reporter.Training(2.5, 1e-3, 0.5));
            assertThat(served.metrics().get("modelfamily_trainer_checkpoint_timestamp_seconds"))
                    .isPositive();
            served.reporter.metrics().checkpointed(1.75e9);
            served.reporter.recovery(0, 1000).at(20, new Reporter.Training(2.5, 1e-3, 0.5));
            assertThat(served.metrics()).containsEntry("modelfamily_trainer_checkpoint_timestamp_seconds", 1.75e9);
        }
    }

    @Test
    void keeps_the_highest_memory_of_the_gpu() throws Exception {
        try (Served served = new Served()) {
            Iterator<OptionalLong> seen = List.of(OptionalLong.of(70), OptionalLong.of(50), OptionalLong.empty())
                    .iterator();
            served.reporter.metrics().watchGpu(seen::next);
            for (int step = 1; step <= 3; step++) {
                served.reporter.recovery(0, 1000).at(step, new Reporter.Training(2.5, 1e-3, 0.5));
            }
            assertThat(served.metrics())
                    .containsEntry("modelfamily_trainer_gpu_memory_bytes", 50.0)
                    .containsEntry("modelfamily_trainer_peak_gpu_memory_bytes", 70.0);
        }
    }

    /** A reporter with its port, and what is read there. */
    private static final class Served implements AutoCloseable {
        private final int port = freePort();
        private final Reporter reporter = new Reporter(
                new PrintStream(OutputStream.nullOutputStream()), "key", "small", 1, new Reporting(port, 10, 0));

        private static int freePort() {
            try (ServerSocket socket = new ServerSocket(0)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        Map<String, Double> metrics() throws Exception {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics"))
                    .build();
            try (HttpClient client = HttpClient.newHttpClient()) {
                return client.send(request, BodyHandlers.ofString())
                        .body()
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .map(line -> line.split(" "))
                        .collect(Collectors.toMap(
                                part -> part[0], part -> Double.valueOf(part[1]), (a, b) -> a, TreeMap::new));
            }
        }

        @Override
        public void close() {
            reporter.close();
        }
    }
}
