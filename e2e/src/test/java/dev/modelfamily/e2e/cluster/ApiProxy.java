package dev.modelfamily.e2e.cluster;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Stands between a client and the API server, and lets requests through as a test says: slowly, not at all, or with an answer of
 * its own. It speaks HTTP/1.1 without TLS to the client, so the client's HTTP/2 must be off.
 */
public final class ApiProxy implements AutoCloseable {
    private final Path authority;
    private final int upstream;
    private final ServerSocket server;
    private final Set<Closeable> watches = ConcurrentHashMap.newKeySet();
    private final Set<Closeable> connections = ConcurrentHashMap.newKeySet();
    private volatile Function<ApiCall, ApiFault> rule = _ -> new ApiFault.None();

    ApiProxy(Path authority, int upstream) {
        this.authority = authority;
        this.upstream = upstream;
        try {
            server = new ServerSocket(Ports.free(), 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("api-proxy").start(this::accept);
    }

    /** What happens to the requests that come from now on. */
    public void rule(Function<ApiCall, ApiFault> faults) {
        rule = faults;
    }

    /** Breaks all watches that are open; the client must begin new ones. */
    public void breakWatches() {
        watches.forEach(ApiProxy::closeQuietly);
    }

    /** The kubeconfig of a client that goes through this, made from one that goes directly. */
    public Path kubeconfig(Path direct, Path target) {
        try {
            String through = Files.readString(direct)
                    .replaceAll("server: \"[^\"]*\"", "server: \"http://127.0.0.1:" + server.getLocalPort() + "\"")
                    .replaceAll(", certificate-authority: \"[^\"]*\"", "");
            return Files.writeString(target, through);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closeQuietly(server);
        connections.forEach(ApiProxy::closeQuietly);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                connections.add(client);
                Thread.ofVirtual().name("api-proxy connection").start(() -> serve(client));
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket api = TlsSockets.connect(authority, upstream)) {
            ApiAnswers answers = new ApiAnswers(api, client);
            Thread.ofVirtual().name("api-proxy answers").start(answers);
            InputStream in = new BufferedInputStream(client.getInputStream());
            while (serveOne(in, api, answers, client)) {}
        } catch (IOException _) {
            // Either side may go away at any time; the other learns of it by the closed connection.
        } finally {
            connections.remove(client);
            watches.remove(client);
        }
    }

    /** Handles one request; false where the connection is at its end. */
    private boolean serveOne(InputStream in, Socket api, ApiAnswers answers, Socket client) throws IOException {
        HttpRequestBytes request = HttpRequestBytes.read(in);
        if (request == null) {
            return false;
        }
        if (request.call().isWatch()) {
            watches.add(client);
        }
        switch (rule.apply(request.call())) {
            case ApiFault.None _ -> {}
            case ApiFault.Delay delay -> Pause.of(delay.duration());
            case ApiFault.Refuse refuse -> {
                client.getOutputStream().write(refuse.bytes());
                client.getOutputStream().flush();
                return true;
            }
            case ApiFault.Before before -> {
                before.action().run();
                return false;
            }
            case ApiFault.After after -> answers.instead(after.action());
        }
        request.writeTo(api.getOutputStream());
        if (request.isUpgrade()) {
            in.transferTo(api.getOutputStream());
            return false;
        }
        return true;
    }

    private static void closeQuietly(Closeable connection) {
        try {
            connection.close();
        } catch (IOException _) {
            // It is of no use any more, closed or not.
        }
    }
}
