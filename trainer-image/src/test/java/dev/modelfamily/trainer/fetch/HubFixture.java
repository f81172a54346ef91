package dev.modelfamily.trainer.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Reporting;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.fetch.FakeHub.Asked;
import dev.modelfamily.trainer.report.Reporter;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A repository on a Hub that speaks the protocol, and a cache. */
@Tag("process")
abstract class HubFixture {
    static final Source.Hub SOURCE = new Source.Hub(new Repository(Repository.Kind.MODEL, "owner", "name"), "", "");
    static final String WEIGHTS = "model.safetensors";
    static final byte[] LARGE = large(1);
    static final byte[] SMALL = "{\"model_type\":\"llama\"}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path cache;

    final FakeHub hub = new FakeHub();
    final List<Duration> waits = new ArrayList<>();
    final ByteArrayOutputStream said = new ByteArrayOutputStream();
    final Reporter reporter =
            new Reporter(new PrintStream(said, true, StandardCharsets.UTF_8), "k", "parent", 1, new Reporting(0, 1, 0));
    Token.Origin token = new Token.Possible(Path.of("/nowhere"));
    Duration silence = Duration.ofSeconds(30);
    boolean offline;
    String commit;

    @BeforeEach
    void aRepository() {
        commit = hub.commit("models/owner/name", "main", Map.of(WEIGHTS, LARGE, "config.json", SMALL));
    }

    @AfterEach
    void close() {
        reporter.close();
        hub.close();
    }

    void assertFetched() {
        assertContent(fetch());
    }

    Path fetch() {
        Reporter quiet = new Reporter(
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                "k",
                "parent",
                1,
                new Reporting(0, 1, 0));
        try (quiet) {
            return open(SOURCE).fetch(List.of("config.json", WEIGHTS), said.size() == 0 ? reporter : quiet);
        }
    }

    static void assertContent(Path folder) {
        assertThat(folder.resolve(WEIGHTS)).hasBinaryContent(LARGE);
        if (Files.exists(folder.resolve("config.json"))) {
            assertThat(folder.resolve("config.json")).hasBinaryContent(SMALL);
        }
    }

    void assertRefused(ExitCode exitCode, String message) {
        assertThatThrownBy(this::fetch)
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(exitCode))
                .hasMessageContaining(message);
    }

    Snapshot open(Source.Hub source) {
        FetchSettings settings = new FetchSettings(hub.endpoint(), token, cache, offline, Path.of("/claims"));
        return Snapshot.of(source, settings, token, new Patience(waits::add), silence);
    }

    static Source.Hub at(String revision) {
        return new Source.Hub(SOURCE.repository(), revision, "");
    }

    /** The ranges that the storage was asked for; empty for all. */
    List<String> ranges() {
        return hub.asked(WEIGHTS).stream()
                .filter(request -> request.server().equals("storage"))
                .map(Asked::range)
                .toList();
    }

    static int start(String range) {
        return Integer.parseInt(range.replaceAll("\\D", ""));
    }

    static Fault status(int code) {
        return new Fault.Status(code, Map.of());
    }

    static byte[] large(long seed) {
        byte[] bytes = new byte[100_000];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
