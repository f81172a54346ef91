package dev.modelfamily.e2e.operator;

import static org.awaitility.Awaitility.await;

import dev.modelfamily.e2e.cluster.Children;
import dev.modelfamily.e2e.cluster.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The packaged operator, as a process of this machine. */
final class OperatorProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);

    private final Process process;
    private final Path log;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();
    private final long begin = System.nanoTime();
    private Duration startTime = Duration.ZERO;
    private Duration startProcessorTime = Duration.ZERO;

    private OperatorProcess(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /**
     * Starts one that takes reports of progress without TLS, and waits until it is ready.
     *
     * @param kubeconfig whom it is at the API server
     * @param namespace that it looks after; empty for all
     * @param folder for its log
     */
    static OperatorProcess start(Path kubeconfig, String namespace, Path folder) {
        return start(kubeconfig, namespace, folder, withoutTls(), OperatorProgram.command());
    }

    /** The same with settings besides the usual ones, by a command that starts it in another way. */
    static OperatorProcess start(
            Path kubeconfig, String namespace, Path folder, List<String> command, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(withoutTls());
        environment.putAll(more);
        return start(kubeconfig, namespace, folder, environment, command);
    }

    /** One that may stand behind something that speaks HTTP/1.1 without TLS, and gets these settings too. */
    static OperatorProcess behind(Path kubeconfig, String namespace, Path folder, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(withoutTls());
        environment.put("KUBERNETES_HTTP2_DISABLE", "true");
        environment.putAll(more);
        return start(kubeconfig, namespace, folder, environment, OperatorProgram.command());
    }

    private static Map<String, String> withoutTls() {
        int port = Ports.free();
        return Map.of(
                "MODELFAMILY_PROGRESS_INSECURE_REQUESTS",
                "enabled",
                "MODELFAMILY_PROGRESS_URL",
                "http://127.0.0.1:" + port,
                "QUARKUS_HTTP_PORT",
                Integer.toString(port));
    }

    /** Starts one that takes reports of progress with TLS only. */
    static OperatorProcess startWithTls(Path kubeconfig, String namespace, Path folder, Certificate certificate) {
        int port = Ports.free();
        return start(
                kubeconfig,
                namespace,
                folder,
                Map.of(
                        "MODELFAMILY_PROGRESS_CERTIFICATE",
                                certificate.certificate().toString(),
                        "MODELFAMILY_PROGRESS_KEY", certificate.key().toString(),
                        "MODELFAMILY_PROGRESS_CA", certificate.certificate().toString(),
                        "MODELFAMILY_PROGRESS_URL", "https://127.0.0.1:" + port,
                        "QUARKUS_HTTP_SSL_PORT", Integer.toString(port)),
                OperatorProgram.command());
    }

    private static OperatorProcess start(
            Path kubeconfig, String namespace, Path folder, Map<String, String> environment, List<String> command) {
        int management = Ports.free();
        Path log = newFile(folder);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(OperatorProgram.folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(asInAPod(kubeconfig));
        builder.environment()
                .putAll(Map.of(
                        "QUARKUS_HTTP_HOST",
                        "127.0.0.1",
                        "QUARKUS_MANAGEMENT_HOST",
                        "127.0.0.1",
                        "QUARKUS_MANAGEMENT_PORT",
                        Integer.toString(management)));
        builder.environment().putAll(environment);
        if (!namespace.isEmpty()) {
            builder.environment().put("MODELFAMILY_NAMESPACES", namespace);
        }
        OperatorProcess started = new OperatorProcess(Children.start(builder), log, management);
        await("the operator is ready; its log is " + log)
                .atMost(START)
                .pollDelay(Duration.ofMillis(20))
                .pollInterval(Duration.ofMillis(20))
                .until(started::isReady);
        started.startTime = Duration.ofNanos(System.nanoTime() - started.begin);
        started.startProcessorTime = started.process.info().totalCpuDuration().orElse(Duration.ZERO);
        return started;
    }

    /** It finds the API server and its token as it does in a pod, without a file of several clusters to choose from. */
    private static Map<String, String> asInAPod(Path kubeconfig) {
        try {
            String text = Files.readString(kubeconfig);
            Map<String, String> environment = new HashMap<>(Map.of(
                    "KUBERNETES_AUTH_TRYKUBECONFIG",
                    "false",
                    "KUBERNETES_MASTER",
                    value(text, "server").orElseThrow(),
                    "KUBERNETES_AUTH_TOKEN",
                    value(text, "token").orElseThrow()));
            value(text, "certificate-authority")
                    .ifPresent(authority -> environment.put("KUBERNETES_CERTS_CA_FILE", authority));
            return environment;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> value(String kubeconfig, String key) {
        Matcher found = Pattern.compile(key + ": \"?([^\"},\\s]+)").matcher(kubeconfig);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Kills it, without a chance to finish anything. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Its own metrics, line by line, as Prometheus reads them. */
    List<String> metrics() {
        return get("/q/metrics")
                .map(HttpResponse::body)
                .orElse("")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    /** The port of its metrics and its health. */
    int managementPort() {
        return port;
    }

    /** From its start until it was ready. */
    Duration startTime() {
        return startTime;
    }

    /** What it had used of processors until it was ready. */
    Duration startProcessorTime() {
        return startProcessorTime;
    }

    /** What it has of the machine's memory. */
    long residentMegabytes() {
        return memory("VmRSS:");
    }

    /** What of that holds no file's content, so that the machine cannot have it back. */
    long ownMegabytes() {
        return memory("RssAnon:");
    }

    private long memory(String kind) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith(kind))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum()
                    / 1024;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it wrote. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
        http.close();
    }

    private boolean isReady() {
        if (!process.isAlive()) {
            throw new IllegalStateException("the operator has ended; its log:\n" + log());
        }
        return get("/q/health/ready").map(HttpResponse::statusCode).orElse(0) == 200;
    }

    /** The answer; empty while nobody listens. */
    private Optional<HttpResponse<String>> get(String path) {
        try {
            return Optional.of(http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(Duration.ofSeconds(30))
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the operator was asked", e);
        }
    }

    private static Path newFile(Path folder) {
        try {
            Files.createDirectories(folder);
            return Files.createTempFile(folder, "operator-", ".log");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
