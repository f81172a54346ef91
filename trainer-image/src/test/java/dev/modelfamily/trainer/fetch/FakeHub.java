package dev.modelfamily.trainer.fetch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.modelfamily.contract.Json;
import dev.modelfamily.trainer.data.ContentDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Speaks the Hub's protocol, with faults on demand: repositories with revisions, small files by themselves, large ones (weights,
 * Parquet) by a redirect to a second server, as the Hub sends to its storage.
 */
public final class FakeHub implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer hub = server();
    private final HttpServer storage = server();
    private final Map<String, Map<String, String>> revisions = new ConcurrentHashMap<>();
    private final Map<String, SortedMap<String, byte[]>> commits = new ConcurrentHashMap<>();
    private final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Long> claims = new ConcurrentHashMap<>();
    private volatile boolean ranges = true;
    private volatile boolean metadata = true;
    private volatile Optional<String> tokenNeeded = Optional.empty();
    private volatile String errorCode = "";

    /** A request that came in; {@code authorization} and {@code range} are empty where they were not sent. */
    public record Asked(String server, String method, String path, String authorization, String range) {}

    public FakeHub() {
        hub.createContext("/", exchange -> answer("hub", exchange));
        storage.createContext("/", exchange -> answer("storage", exchange));
        hub.start();
        storage.start();
    }

    private HttpServer server() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The address for {@code HF_ENDPOINT}. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + hub.getAddress().getPort() + "/");
    }

    /**
     * Adds a commit and lets a revision stand for it.
     *
     * @param repository {@code models/OWNER/NAME} or {@code datasets/OWNER/NAME}
     * @return the commit
     */
    public String commit(String repository, String revision, Map<String, byte[]> files) {
        SortedMap<String, byte[]> sorted = new TreeMap<>(files);
        StringBuilder content = new StringBuilder(repository);
        sorted.forEach((path, bytes) -> content.append(path).append(ContentDigest.of(bytes)));
        String commit = ContentDigest.of(content.toString()).substring(7, 47);
        commits.put(repository + "@" + commit, sorted);
        revisions.computeIfAbsent(repository, _ -> new ConcurrentHashMap<>()).put(revision, commit);
        return commit;
    }

    /** Goes wrong when a path that ends so is next asked for, on the server that has the bytes. */
    public FakeHub fault(String path, Fault... inOrder) {
        faults.computeIfAbsent(path, _ -> new ConcurrentLinkedDeque<>()).addAll(List.of(inOrder));
        return this;
    }

    /** Sends whole files only. */
    public FakeHub withoutRanges() {
        ranges = false;
        return this;
    }

    /** Lists names only, as some mirrors do. */
    public FakeHub withoutMetadata() {
        metadata = false;
        return this;
    }

    /** Lists a large file with this size, whatever it has. */
    public FakeHub claiming(String path, long bytes) {
        claims.put(path, bytes);
        return this;
    }

    /** Refuses requests without this token, with the error code of the Hub. */
    public FakeHub needing(String token, String code) {
        tokenNeeded = Optional.of("Bearer " + token);
        errorCode = code;
        return this;
    }

    /** All requests so far. */
    public List<Asked> asked() {
        return asked;
    }

    /** The requests for a path that ends so. */
    public List<Asked> asked(String path) {
        return asked.stream().filter(request -> request.path().endsWith(path)).toList();
    }

    @Override
    public void close() {
        hub.stop(0);
        storage.stop(0);
        threads.shutdownNow();
    }

    private void answer(String server, HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            asked.add(new Asked(
                    server,
                    exchange.getRequestMethod(),
                    path,
                    header(exchange, "Authorization"),
                    header(exchange, "Range")));
            if (server.equals("hub")
                    && tokenNeeded.isPresent()
                    && !tokenNeeded.get().equals(header(exchange, "Authorization"))) {
                exchange.getResponseHeaders().set("X-Error-Code", errorCode);
                exchange.sendResponseHeaders(errorCode.equals("GatedRepo") ? 403 : 401, -1);
                return;
            }
            if (path.startsWith("/api/")) {
                api(exchange, path.substring("/api/".length()));
            } else {
                file(server, exchange, path.substring(1));
            }
        }
    }

    private static String header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }

    private void api(HttpExchange exchange, String path) throws IOException {
        String[] parts = path.split("/", 5);
        String repository = parts[0] + "/" + parts[1] + "/" + parts[2];
        Map<String, String> known = revisions.get(repository);
        if (known == null) {
            missing(exchange, "RepoNotFound");
        } else if (path.endsWith("/refs")) {
            ObjectNode refs = Json.mapper().createObjectNode();
            ArrayNode branches = refs.putArray("branches");
            known.keySet().stream()
                    .sorted()
                    .forEach(name -> branches.addObject()
                            .put("name", name)
                            .put("ref", "refs/heads/" + name)
                            .put("targetCommit", known.get(name)));
            refs.putArray("tags");
            refs.putArray("converts");
            respond(exchange, refs.toString().getBytes(StandardCharsets.UTF_8), path);
        } else {
            String revision = parts.length < 4
                    ? "main"
                    : exchange.getRequestURI().getPath().replaceFirst("^.*?/revision/", "");
            String commit = known.getOrDefault(revision, revision);
            SortedMap<String, byte[]> files = commits.get(repository + "@" + commit);
            if (files == null) {
                missing(exchange, "RevisionNotFound");
            } else {
                respond(exchange, new FakeCommit(repository, commit, files).listing(metadata, claims), path);
            }
        }
    }

    private void file(String server, HttpExchange exchange, String path) throws IOException {
        String[] parts = (path.startsWith("datasets/") ? path : "models/" + path).split("/", 6);
        String repository = parts[0] + "/" + parts[1] + "/" + parts[2];
        String commit = revisions.getOrDefault(repository, Map.of()).getOrDefault(parts[4], parts[4]);
        SortedMap<String, byte[]> files = commits.get(repository + "@" + commit);
        exchange.getResponseHeaders().set("X-Repo-Commit", commit);
        String name = URI.create("/" + parts[5]).getPath().substring(1);
        byte[] bytes = files == null ? null : files.get(name);
        if (bytes == null) {
            missing(exchange, "EntryNotFound");
        } else if (server.equals("hub") && FakeCommit.isLarge(name)) {
            exchange.getResponseHeaders().set("X-Linked-Etag", '"' + FakeCommit.sha256(bytes) + '"');
            exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(bytes.length));
            exchange.getResponseHeaders()
                    .set(
                            "Location",
                            "http://127.0.0.1:" + storage.getAddress().getPort() + "/" + path + "?signature=s3cr3t");
            exchange.sendResponseHeaders(302, -1);
        } else {
            exchange.getResponseHeaders()
                    .set("ETag", '"' + (FakeCommit.isLarge(name) ? "of-the-storage" : FakeCommit.gitName(bytes)) + '"');
            respond(exchange, bytes, path);
        }
    }

    private void respond(HttpExchange exchange, byte[] all, String path) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(all.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        int from = 0;
        int to = all.length;
        String range = header(exchange, "Range");
        if (ranges && !range.isEmpty()) {
            String[] ends = range.substring("bytes=".length()).split("-", -1);
            from = Integer.parseInt(ends[0]);
            to = ends[1].isEmpty() ? to : Math.min(to, Integer.parseInt(ends[1]) + 1);
            if (from >= all.length) {
                exchange.sendResponseHeaders(416, -1);
                return;
            }
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + all.length);
        }
        byte[] body = Arrays.copyOfRange(all, from, to);
        int status = ranges && !range.isEmpty() ? 206 : 200;
        Optional<Fault> fault = faults.entrySet().stream()
                .filter(entry -> path.endsWith(entry.getKey()))
                .findFirst()
                .map(entry -> entry.getValue().poll());
        if (fault.isEmpty()) {
            send(exchange, status, body.length, body);
        } else {
            goWrong(exchange, status, body, fault.get());
        }
    }

    private static void goWrong(HttpExchange exchange, int status, byte[] body, Fault fault) throws IOException {
        switch (fault) {
            case Fault.Status wrong -> {
                wrong.headers().forEach(exchange.getResponseHeaders()::set);
                exchange.sendResponseHeaders(wrong.code(), -1);
            }
            case Fault.Cut cut -> send(exchange, status, body.length, Arrays.copyOf(body, cut.bytes()));
            case Fault.EndsEarly end -> send(exchange, status, end.bytes(), Arrays.copyOf(body, end.bytes()));
            case Fault.Wrong _ -> {
                byte[] changed = body.clone();
                changed[changed.length / 2] ^= 1;
                send(exchange, status, changed.length, changed);
            }
            case Fault.Stall stall -> {
                send(exchange, status, body.length, Arrays.copyOf(body, stall.bytes()));
                try {
                    stall.latch().await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private static void send(HttpExchange exchange, int status, int length, byte[] bytes) throws IOException {
        exchange.sendResponseHeaders(status, length == 0 ? -1 : length);
        exchange.getResponseBody().write(bytes);
        exchange.getResponseBody().flush();
    }

    private static void missing(HttpExchange exchange, String code) throws IOException {
        exchange.getResponseHeaders().set("X-Error-Code", code);
        exchange.sendResponseHeaders(404, -1);
    }
}
