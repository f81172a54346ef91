package dev.modelfamily.e2e.operator;

import dev.modelfamily.e2e.cluster.Children;
import dev.modelfamily.e2e.cluster.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real Prometheus that scrapes an operator, and the pod of one member, as the monitors of the chart say. */
final class Prometheus implements AutoCloseable {
    private static final Path CHARTS = Place.ROOT.resolve("charts");

    private final Process server;
    private final String url;
    private final Path folder;

    private Prometheus(Process server, String url, Path folder) {
        this.server = server;
        this.url = url;
        this.folder = folder;
    }

    /**
     * Starts one.
     *
     * @param operator the port of the operator's metrics
     * @param trainer the port of the pod's metrics
     * @param namespace of the family
     * @param member whose pod it is
     * @param folder for its files
     */
    static Prometheus start(int operator, int trainer, String namespace, String family, String member, Path folder)
            throws IOException, InterruptedException {
        String config = """
                global: {scrape_interval: 1s}
                scrape_configs:
                  - job_name: operator
                    honor_labels: true
                    metrics_path: /q/metrics
                    static_configs: [{targets: ['127.0.0.1:%d'], labels: {namespace: modelfamily-system, pod: operator-0}}]
                  - job_name: trainer
                    static_configs:
                      - targets: ['127.0.0.1:%d']
                        labels: {namespace: %s, pod: %s-1, family: %s, member: %s}
                """.formatted(operator, trainer, namespace, member, family, member);
        Files.createDirectories(folder);
        Path file = Files.writeString(folder.resolve("prometheus.yml"), config);
        String address = "127.0.0.1:" + Ports.free();
        Path program = Path.of(output(List.of(CHARTS.resolve("prometheus").toString(), "--path"), folder)
                        .strip())
                .resolve("prometheus");
        Process server = Children.start(new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + file,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=" + address)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile()));
        return new Prometheus(server, "http://" + address, folder);
    }

    /** What it answers to the queries of the dashboards about a family; its last line counts them. */
    String panels(String namespace, String family) {
        try {
            return output(
                    List.of(
                            CHARTS.resolve("panels").toString(),
                            "-prometheus",
                            url,
                            "-namespace",
                            namespace,
                            "-family",
                            family,
                            "-window",
                            "1m"),
                    folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the dashboards were asked", e);
        }
    }

    @Override
    public void close() {
        server.destroyForcibly();
        server.onExit().join();
    }

    /** What a command prints, whatever its exit code. */
    private static String output(List<String> command, Path folder) throws IOException, InterruptedException {
        Path said = Files.createTempFile(folder, "said", ".txt");
        Children.start(new ProcessBuilder(command)
                        .redirectOutput(said.toFile())
                        .redirectError(folder.resolve("errors.txt").toFile()))
                .waitFor();
        return Files.readString(said);
    }
}
