package dev.modelfamily.trainer.report;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Sends lines of progress to an operator, in the background: {@code MODELFAMILY_PROGRESS_URL} says where to,
 * {@code MODELFAMILY_PROGRESS_TOKEN_FILE} names the file with the token to show, which may be renewed at any time, and
 * {@code MODELFAMILY_PROGRESS_CA_FILE} the certificates to trust. Only the newest line matters, and nothing that goes wrong here
 * stops or slows the work.
 */
final class ProgressPush implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ProgressPush.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** Short phases follow each other faster than an operator wants to hear of them: it refuses what comes within two seconds. */
    private static final Duration BETWEEN = Duration.ofMillis(2500);

    private final URI url;
    private final Optional<Path> token;
    private final HttpClient client;
    private final BlockingQueue<String> newest = new ArrayBlockingQueue<>(1);
    private final Thread sender;

    private ProgressPush(URI url, Optional<Path> token, HttpClient client) {
        this.url = url;
        this.token = token;
        this.client = client;
        this.sender = Thread.ofPlatform().daemon().name("progress").start(this::sendAll);
    }

    /** The sender that an environment asks for; none where it names no operator, or one that cannot be spoken to. */
    static Optional<ProgressPush> of(Map<String, String> environment) {
        Optional<String> url = variable(environment, "MODELFAMILY_PROGRESS_URL");
        try {
            return url.map(address -> new ProgressPush(
                    URI.create(address),
                    variable(environment, "MODELFAMILY_PROGRESS_TOKEN_FILE").map(Path::of),
                    client(variable(environment, "MODELFAMILY_PROGRESS_CA_FILE").map(Path::of))));
        } catch (StageException | IllegalArgumentException e) {
            LOG.log(Level.WARNING, "progress is not reported to {0}: {1}", new Object[] {url.orElse(""), e.getMessage()
            });
            return Optional.empty();
        }
    }

    /** This line is the newest; one that waits to be sent is dropped for it. */
    void offer(String line) {
        newest.poll();
        newest.offer(line);
    }

    private void sendAll() {
        String trouble = "";
        try {
            while (true) {
                String now = send(newest.take());
                boolean closed = Thread.currentThread().isInterrupted();
                if (!closed && !now.equals(trouble) && !now.isEmpty()) {
                    LOG.log(Level.INFO, "progress does not reach {0}: {1}", new Object[] {url, now});
                }
                trouble = now;
                Thread.sleep(BETWEEN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /** Sends one line and says what went wrong; empty where nothing did. */
    private String send(String line) throws InterruptedException {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(url)
                    .timeout(PATIENCE)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(line));
            if (token.isPresent()) {
                request.header(
                        "Authorization",
                        "Bearer " + Files.readString(token.get()).strip());
            }
            HttpResponse<Void> response = client.send(request.build(), HttpResponse.BodyHandlers.discarding());
            boolean taken = response.statusCode() / 100 == 2 || response.statusCode() == 429;
            return taken ? "" : "it answers " + response.statusCode();
        } catch (IOException | IllegalArgumentException e) {
            return String.valueOf(e);
        }
    }

    private static HttpClient client(Optional<Path> authorities) {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(PATIENCE);
        authorities.ifPresent(file -> builder.sslContext(trusting(file)));
        return builder.build();
    }

    private static SSLContext trusting(Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("authority-" + trusted.size(), certificate);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new StageException(
                    ExitCode.BAD_ORDER, "MODELFAMILY_PROGRESS_CA_FILE: cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    @Override
    public void close() {
        sender.interrupt();
        client.shutdownNow();
    }
}
