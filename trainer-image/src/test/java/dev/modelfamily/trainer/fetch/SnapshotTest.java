package dev.modelfamily.trainer.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Reporting;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.fetch.FakeHub.Asked;
import dev.modelfamily.trainer.fetch.FakeHub.Fault;
import dev.modelfamily.trainer.report.Reporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class SnapshotTest {
    private static final Source.Hub SOURCE =
            new Source.Hub(new Repository(Repository.Kind.MODEL, "owner", "name"), "", "");
    private static final String WEIGHTS = "model.safetensors";
    private static final byte[] LARGE = large(1);
    private static final byte[] SMALL = "{\"model_type\":\"llama\"}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path cache;

    private final FakeHub hub = new FakeHub();
    private final List<Duration> waits = new ArrayList<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Reporter reporter =
            new Reporter(new PrintStream(said, true, StandardCharsets.UTF_8), "k", "parent", 1, new Reporting(0, 1, 0));
    private Token.Origin token = new Token.Possible(Path.of("/nowhere"));
    private Duration silence = Duration.ofSeconds(30);
    private boolean offline;
    private String commit;

    @BeforeEach
    void aRepository() {
        commit = hub.commit("models/owner/name", "main", Map.of(WEIGHTS, LARGE, "config.json", SMALL));
    }

    @AfterEach
    void close() {
        reporter.close();
        hub.close();
    }

    @Test
    void aRevisionIsResolvedToItsCommit() {
        assertThat(open(SOURCE).listing().commit()).isEqualTo(commit);
        assertThat(open(SOURCE).listing().paths()).containsExactly("config.json", WEIGHTS);
    }

    @Test
    void filesComeWholeUnderTheirNames() {
        assertFetched();
        assertThat(hub.asked(WEIGHTS)).extracting(Asked::server).containsExactly("hub", "storage");
    }

    @Test
    void whatIsInTheCacheIsNotFetchedAgain() {
        assertFetched();
        int before = hub.asked(WEIGHTS).size();
        assertFetched();
        assertThat(hub.asked(WEIGHTS)).hasSize(before);
    }

    @Test
    void aCommitInTheCacheNeedsNoNetwork() {
        assertFetched();
        hub.close();
        assertContent(open(at(commit)).fetch(List.of(WEIGHTS), reporter));
    }

    @Test
    void offlineABranchIsWhatItWasWhenLastSeen() {
        assertFetched();
        hub.close();
        offline = true;
        assertContent(open(SOURCE).fetch(List.of(WEIGHTS), reporter));
    }

    @Test
    void offlineWhatIsNotInTheCacheIsNotFound() {
        offline = true;
        assertThatThrownBy(() -> open(SOURCE))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NOT_FOUND))
                .hasMessageContaining("hf://owner/name at revision 'main' is not in the cache")
                .hasMessageContaining("HF_HUB_OFFLINE");
        assertThat(hub.asked()).isEmpty();
    }

    @Test
    void aBrokenDownloadGoesOnWhereItBroke() {
        hub.fault(WEIGHTS, new Fault.Cut(30_000));
        assertFetched();
        assertThat(ranges()).hasSize(2).first().isEqualTo("");
        assertThat(start(ranges().getLast())).isBetween(1, 30_000);
    }

    @Test
    void aDownloadThatAnotherProcessBeganGoesOn() throws IOException {
        Path blobs = Files.createDirectories(cache.resolve("models--owner--name/blobs"));
        byte[] begun = Arrays.copyOf(LARGE, 50_000);
        Files.write(blobs.resolve(FakeHub.sha256(LARGE) + ".part"), begun);
        assertFetched();
        assertThat(ranges()).containsExactly("bytes=50000-");
    }

    @Test
    void aDownloadThatOnlyLacksItsNameIsNotFetched() throws IOException {
        Path blobs = Files.createDirectories(cache.resolve("models--owner--name/blobs"));
        Files.write(blobs.resolve(FakeHub.sha256(LARGE) + ".part"), LARGE);
        assertFetched();
        assertThat(hub.asked(WEIGHTS)).isEmpty();
    }

    @Test
    void aBeginningOfOtherBytesIsThrownAway() throws IOException {
        Path blobs = Files.createDirectories(cache.resolve("models--owner--name/blobs"));
        Files.write(blobs.resolve(FakeHub.sha256(LARGE) + ".part"), new byte[50_000]);
        assertFetched();
        assertThat(ranges()).containsExactly("bytes=50000-", "");
    }

    @Test
    void aServerWithoutRangesSendsAllAgain() {
        hub.withoutRanges().fault(WEIGHTS, new Fault.Cut(30_000));
        assertFetched();
    }

    @Test
    void anAnswerThatEndsEarlyIsNotTheFile() {
        hub.fault(WEIGHTS, new Fault.EndsEarly(1000));
        assertFetched();
        assertThat(ranges()).containsExactly("", "bytes=1000-");
    }

    @Test
    void anAnswerThatStopsComingIsGivenUp() {
        CountDownLatch never = new CountDownLatch(1);
        silence = Duration.ofMillis(300);
        hub.fault(WEIGHTS, new Fault.Stall(1000, never));
        assertFetched();
        assertThat(ranges()).containsExactly("", "bytes=1000-");
        never.countDown();
    }

    @Test
    void aWrongChecksumIsFetchedOnceMore() {
        hub.fault(WEIGHTS, new Fault.Wrong());
        hub.fault("config.json", new Fault.Wrong());
        assertFetched();
        assertThat(hub.asked("config.json")).hasSize(2);
    }

    @Test
    void aChecksumThatIsWrongTwiceIsBadData() {
        hub.fault(WEIGHTS, new Fault.Wrong(), new Fault.Wrong());
        assertRefused(ExitCode.BAD_DATA, WEIGHTS + " at commit " + commit + " came twice with the checksum ");
        assertThat(cache.resolve("models--owner--name/blobs")).isDirectoryNotContaining("glob:**.part");
        assertThat(cache.resolve("models--owner--name/snapshots/" + commit + "/" + WEIGHTS))
                .doesNotExist();
        assertFetched();
    }

    @Test
    void aServerThatIsBrieflyAwayIsAskedAgain() {
        hub.fault("revision/main", status(503), status(502));
        hub.fault(WEIGHTS, status(500));
        assertFetched();
        assertThat(waits).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofMillis(500));
    }

    @Test
    void aServerThatIsOverloadedIsGivenTheTimeItAsksFor() {
        hub.fault("revision/main", new Fault.Status(429, Map.of("Retry-After", "17")));
        assertFetched();
        assertThat(waits).containsExactly(Duration.ofSeconds(17));
    }

    @Test
    void aServerThatStaysAwayIsForLater() {
        hub.fault("revision/main", status(503), status(503), status(503), status(503), status(503));
        assertRefused(ExitCode.TRY_LATER, "answered 503 to the request for revision 'main' of hf://owner/name");
    }

    @Test
    void aLongWaitIsForLater() {
        hub.fault("revision/main", new Fault.Status(429, Map.of("Retry-After", "3600")));
        assertRefused(ExitCode.TRY_LATER, "answered 429");
        assertThat(waits).isEmpty();
    }

    @Test
    void triesAreCountedAnewAsLongAsBytesCome() {
        Fault cut = new Fault.Cut(12_000);
        hub.fault(WEIGHTS, cut, cut, cut, cut, cut, cut, cut);
        assertFetched();
        assertThat(ranges()).hasSize(8);
    }

    @Test
    void aHubThatIsNotThereIsUnreachable() {
        hub.close();
        assertRefused(ExitCode.UNREACHABLE, "cannot be reached: it refuses connections");
    }

    @Test
    void aHostWithoutAnAddressIsUnreachable() {
        FetchSettings settings =
                new FetchSettings(URI.create("http://nowhere.invalid/"), token, cache, false, Path.of("/claims"));
        assertThatThrownBy(() -> Snapshot.of(SOURCE, settings, token, new Patience(waits::add), silence))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE))
                .hasMessageContaining("http://nowhere.invalid, asked for revision 'main', cannot be reached");
    }

    @Test
    void theTokenIsNotShownToTheHostOfTheFiles() {
        hub.needing("hf_secret", "");
        token = new Token.Given(Token.of("hf_secret", "here"));
        assertFetched();
        assertThat(hub.asked())
                .filteredOn(request -> request.server().equals("storage"))
                .isNotEmpty()
                .allMatch(request -> request.authorization().isEmpty());
        assertThat(hub.asked())
                .filteredOn(request -> request.server().equals("hub"))
                .allMatch(request -> request.authorization().equals("Bearer hf_secret"));
    }

    @Test
    void aClosedRepositoryAsksForAToken() {
        hub.needing("hf_secret", "RepoNotFound");
        assertRefused(ExitCode.DENIED, "denies hf://owner/name (401): it is private or does not exist");
    }

    @Test
    void aTokenThatDoesNotOpenIsSaidToBeSoWithoutItsLetters() {
        hub.needing("hf_secret", "RepoNotFound");
        token = new Token.Given(Token.of("hf_other", "here"));
        assertRefused(ExitCode.DENIED, "the token that was given does not open it");
        assertThatThrownBy(this::fetch).message().doesNotContain("hf_other");
    }

    @Test
    void aGatedModelSaysWhereItsTermsAre() {
        hub.needing("hf_secret", "GatedRepo");
        assertRefused(
                ExitCode.DENIED, "hf://owner/name is gated: accept its terms at " + hub.endpoint() + "owner/name and");
    }

    @Test
    void anUnknownRepositoryIsNotFound() {
        Source.Hub other = new Source.Hub(new Repository(Repository.Kind.MODEL, "owner", "other"), "", "");
        assertThatThrownBy(() -> open(other))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NOT_FOUND))
                .hasMessageContaining("hf://owner/other does not exist at " + hub.endpoint());
    }

    @Test
    void anUnknownRevisionSaysWhichThereAre() {
        hub.commit("models/owner/name", "v1.0", Map.of("config.json", SMALL));
        assertThatThrownBy(() -> open(at("v2")))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NOT_FOUND))
                .hasMessageContaining("hf://owner/name has no revision 'v2'; it has main, v1.0");
    }

    @Test
    void aRevisionWithASlashIsOneRevision() {
        hub.commit("models/owner/name", "feature/x y", Map.of("config.json", SMALL));
        assertThat(open(at("feature/x y")).listing().paths()).containsExactly("config.json");
    }

    @Test
    void aBranchThatMovesMeanwhileDoesNotMixTwoCommits() {
        Snapshot before = open(SOURCE);
        hub.commit(
                "models/owner/name",
                "main",
                Map.of(WEIGHTS, large(2), "config.json", "{}".getBytes(StandardCharsets.UTF_8)));
        assertContent(before.fetch(List.of(WEIGHTS, "config.json"), reporter));
        assertThat(open(SOURCE).listing().commit()).isNotEqualTo(commit);
    }

    @Test
    void aFileThatDidNotChangeIsSharedByCommits() {
        assertFetched();
        hub.commit("models/owner/name", "main", Map.of(WEIGHTS, LARGE, "README.md", SMALL));
        int before = hub.asked(WEIGHTS).size();
        assertThat(open(SOURCE).fetch(List.of(WEIGHTS), reporter).resolve(WEIGHTS))
                .hasBinaryContent(LARGE);
        assertThat(hub.asked(WEIGHTS)).hasSize(before);
    }

    @Test
    void aMirrorThatListsNamesOnlyIsAskedForEachFile() {
        hub.withoutMetadata().fault(WEIGHTS, new Fault.Wrong());
        assertFetched();
        assertThat(hub.asked(WEIGHTS)).extracting(Asked::method).containsExactly("HEAD", "GET", "GET", "GET", "GET");
    }

    @Test
    void namesWithSpacesAndSignsAreEscaped() {
        hub.commit("models/owner/name", "main", Map.of("a b/ü#?%+.json", SMALL));
        assertThat(open(SOURCE).fetch(List.of("a b/ü#?%+.json"), reporter).resolve("a b/ü#?%+.json"))
                .hasBinaryContent(SMALL);
    }

    @Test
    void anEmptyFileIsFetched() {
        hub.commit("models/owner/name", "main", Map.of("empty.json", new byte[0]));
        assertThat(open(SOURCE).fetch(List.of("empty.json"), reporter).resolve("empty.json"))
                .isEmptyFile();
    }

    @Test
    void manyThreadsFetchAFileOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            Callable<Path> fetching = this::fetch;
            List<Future<Path>> all = threads.invokeAll(List.of(fetching, fetching, fetching, fetching));
            for (Future<Path> one : all) {
                assertContent(one.get());
            }
        }
        assertThat(hub.asked(WEIGHTS)).extracting(Asked::server).containsExactly("hub", "storage");
    }

    @Test
    void progressCountsBytesUpToAll() {
        assertFetched();
        assertThat(said.toString(StandardCharsets.UTF_8).lines())
                .last()
                .asString()
                .contains("\"phase\":\"fetch\"")
                .contains("\"done\":" + (LARGE.length + SMALL.length))
                .contains("\"total\":" + (LARGE.length + SMALL.length));
    }

    private void assertFetched() {
        assertContent(fetch());
    }

    private Path fetch() {
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

    private static void assertContent(Path folder) {
        assertThat(folder.resolve(WEIGHTS)).hasBinaryContent(LARGE);
        if (Files.exists(folder.resolve("config.json"))) {
            assertThat(folder.resolve("config.json")).hasBinaryContent(SMALL);
        }
    }

    private void assertRefused(ExitCode exitCode, String message) {
        assertThatThrownBy(this::fetch)
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(exitCode))
                .hasMessageContaining(message);
    }

    private Snapshot open(Source.Hub source) {
        FetchSettings settings = new FetchSettings(hub.endpoint(), token, cache, offline, Path.of("/claims"));
        return Snapshot.of(source, settings, token, new Patience(waits::add), silence);
    }

    private static Source.Hub at(String revision) {
        return new Source.Hub(SOURCE.repository(), revision, "");
    }

    /** The ranges that the storage was asked for; empty for all. */
    private List<String> ranges() {
        return hub.asked(WEIGHTS).stream()
                .filter(request -> request.server().equals("storage"))
                .map(Asked::range)
                .toList();
    }

    private static int start(String range) {
        return Integer.parseInt(range.replaceAll("\\D", ""));
    }

    private static Fault status(int code) {
        return new Fault.Status(code, Map.of());
    }

    private static byte[] large(long seed) {
        byte[] bytes = new byte[100_000];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
