package dev.modelfamily.trainer.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.contract.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Faults after which a download still succeeds, or fails with a clear word. */
@Tag("process")
class BrokenConnectionTest extends HubFixture {
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
        Files.write(blobs.resolve(FakeCommit.sha256(LARGE) + ".part"), begun);
        assertFetched();
        assertThat(ranges()).containsExactly("bytes=50000-");
    }

    @Test
    void aDownloadThatOnlyLacksItsNameIsNotFetched() throws IOException {
        Path blobs = Files.createDirectories(cache.resolve("models--owner--name/blobs"));
        Files.write(blobs.resolve(FakeCommit.sha256(LARGE) + ".part"), LARGE);
        assertFetched();
        assertThat(hub.asked(WEIGHTS)).isEmpty();
    }

    @Test
    void aBeginningOfOtherBytesIsThrownAway() throws IOException {
        Path blobs = Files.createDirectories(cache.resolve("models--owner--name/blobs"));
        Files.write(blobs.resolve(FakeCommit.sha256(LARGE) + ".part"), new byte[50_000]);
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
    void triesAreCountedAnewAsLongAsBytesCome() {
        Fault cut = new Fault.Cut(12_000);
        hub.fault(WEIGHTS, cut, cut, cut, cut, cut, cut, cut);
        assertFetched();
        assertThat(ranges()).hasSize(8);
    }
}
