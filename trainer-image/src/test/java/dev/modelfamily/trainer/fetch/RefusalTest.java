package dev.modelfamily.trainer.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.fetch.FakeHub.Asked;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What ends a fetch, with which exit code and which advice. */
@Tag("process")
class RefusalTest extends HubFixture {
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
    void aModelThatTheDiskHasNoRoomForIsNotBegun() {
        hub.claiming(WEIGHTS, 1L << 60);
        assertRefused(
                ExitCode.UNREACHABLE, "hf://owner/name needs " + ((1L << 60) + SMALL.length) + " bytes in " + cache);
        assertThat(hub.asked()).extracting(Asked::path).noneMatch(path -> path.contains("/resolve/"));
    }
}
