package dev.modelfamily.trainer.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.fetch.FakeHub.Asked;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is fetched, and what is in the cache afterwards. */
@Tag("process")
class SnapshotTest extends HubFixture {
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
}
