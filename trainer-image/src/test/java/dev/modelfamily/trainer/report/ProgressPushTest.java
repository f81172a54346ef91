package dev.modelfamily.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class ProgressPushTest {
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private HttpServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + body);
            exchange.sendResponseHeaders(body.contains("odd") ? 500 : 204, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aLineIsSentWithTheTokenAsItIsNow() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "first\n");
        try (ProgressPush push = ProgressPush.of(environment(token)).orElseThrow()) {
            push.offer("{\"done\":1}");
            assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo("Bearer first {\"done\":1}");

            Files.writeString(token, "second");
            push.offer("{\"done\":2}");
            assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo("Bearer second {\"done\":2}");
        }
    }

    @Test
    void ofLinesThatFollowEachOtherFastOnlyTheNewestIsSent() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "t");
        try (ProgressPush push = ProgressPush.of(environment(token)).orElseThrow()) {
            push.offer("1");
            assertThat(received.poll(20, TimeUnit.SECONDS)).endsWith("1");
            push.offer("2");
            push.offer("3");
            assertThat(received.poll(20, TimeUnit.SECONDS)).endsWith("3");
        }
    }

    @Test
    void anErrorOfTheOperatorDoesNotEndTheReports() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "t");
        try (ProgressPush push = ProgressPush.of(environment(token)).orElseThrow()) {
            push.offer("odd");
            assertThat(received.poll(20, TimeUnit.SECONDS)).endsWith("odd");
            push.offer("even");
            assertThat(received.poll(20, TimeUnit.SECONDS)).endsWith("even");
        }
    }

    @Test
    void aMissingTokenOrADeafOperatorIsNoErrorOfTheWork() {
        server.stop(0);
        try (ProgressPush push =
                ProgressPush.of(environment(folder.resolve("nothing"))).orElseThrow()) {
            push.offer("{}");
            push.offer("{}");
        }
        assertThat(received).isEmpty();
    }

    @Test
    void withoutAnOperatorNothingIsSent() {
        assertThat(ProgressPush.of(Map.of())).isEmpty();
        assertThat(ProgressPush.of(Map.of("MODELFAMILY_PROGRESS_URL", "http://[broken")))
                .isEmpty();
    }

    private Map<String, String> environment(Path token) {
        return Map.of(
                "MODELFAMILY_PROGRESS_URL",
                "http://" + server.getAddress().getHostString() + ":"
                        + server.getAddress().getPort() + "/v1/progress/models/tiny",
                "MODELFAMILY_PROGRESS_TOKEN_FILE",
                token.toString());
    }
}
