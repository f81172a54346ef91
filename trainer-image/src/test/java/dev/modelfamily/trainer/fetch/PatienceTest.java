package dev.modelfamily.trainer.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatienceTest {
    private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");

    private final List<Duration> waits = new ArrayList<>();
    private final Patience patience = new Patience(waits::add);
    private final AtomicInteger tries = new AtomicInteger();

    @Test
    void waitsGrowUntilTheLastTry() {
        assertThatThrownBy(() -> patience.with(this::fail)).isInstanceOf(StageException.class);
        assertThat(tries).hasValue(5);
        assertThat(waits).extracting(Duration::toMillis).containsExactly(500L, 1000L, 2000L, 4000L);
    }

    @Test
    void workThatComesThroughEndsTheWaiting() {
        assertThat(patience.<String>with(() -> tries.get() == 2 ? "done" : fail()))
                .isEqualTo("done");
    }

    @Test
    void progressStartsTheCountAnew() {
        assertThatThrownBy(() -> patience.with(this::fail, () -> Math.min(tries.get(), 3)))
                .isInstanceOf(StageException.class);
        assertThat(tries).hasValue(7);
    }

    @Test
    void otherFailuresAreNotTriedAgain() {
        assertThatThrownBy(() -> patience.with(() -> {
                    tries.incrementAndGet();
                    throw new StageException(ExitCode.DENIED, "no");
                }))
                .hasMessage("no");
        assertThat(tries).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "30 | 30",
                "Thu, 01 Jan 2026 10:01:30 GMT | 90",
                "Thu, 01 Jan 2026 09:00:00 GMT | 0",
                "soon | -1",
                "-5 | -1"
            },
            delimiter = '|')
    void theTimeToWaitIsSecondsOrADate(String header, long seconds) {
        Passing failure = (Passing) answers().failure(429, headers("Retry-After", header), home(), "x");
        assertThat(failure.waitAsked())
                .isEqualTo(seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds)));
    }

    @ParameterizedTest
    @CsvSource({"401, DENIED", "403, DENIED", "404, NOT_FOUND", "410, NOT_FOUND", "451, DENIED", "400, UNREACHABLE"})
    void eachStatusHasItsExitCode(int status, ExitCode exitCode) {
        assertThat(answers().failure(status, headers("X", ""), home(), "x"))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(exitCode));
    }

    @Test
    void aRefusalOfTheStorageDoesNotBlameTheToken() {
        URI storage = URI.create("https://storage.example/x?signature=s3cr3t");
        assertThat(answers().failure(403, headers("X", ""), storage, "x"))
                .hasMessageContaining("https://storage.example, to which the Hub sends")
                .message()
                .doesNotContain("s3cr3t");
    }

    private static Answers answers() {
        Repository repository = new Repository(Repository.Kind.MODEL, "o", "n");
        return new Answers(home(), repository, false, InstantSource.fixed(NOW));
    }

    private static URI home() {
        return URI.create("https://hub.example/");
    }

    private static HttpHeaders headers(String name, String value) {
        return HttpHeaders.of(Map.of(name, List.of(value)), (_, _) -> true);
    }

    private String fail() {
        tries.incrementAndGet();
        throw new Passing(new StageException(ExitCode.TRY_LATER, "later"), Optional.empty());
    }
}
