package dev.modelfamily.trainer.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListingTest {
    private static final String COMMIT = "93efa2f097d58c2a74874c7e644dbc9b0cee75a2";
    private static final String GIT = "8ab686eafeb1f44702738c8b0f24f2567c36da6d";
    private static final String SHA256 = "5af571cbf074e6d21a03528d2330792e532ca608f24ac70a143f6b369968ab8c";

    @Test
    void aSmallFileHasTheNameThatGitGivesItAndALargeOneItsDigest() throws Exception {
        Listing listing = of("""
                {"sha":"%s","siblings":[
                {"rfilename":"config.json","size":7,"blobId":"%s"},
                {"rfilename":"a/b.gguf","size":9,"blobId":"%s","lfs":{"sha256":"%s","size":9,"pointerSize":134}},
                {"rfilename":"name-only"}]}""".formatted(COMMIT, GIT, GIT, SHA256));
        assertThat(listing.files())
                .containsExactly(
                        new RemoteFile("config.json", 7, new Checksum(GIT)),
                        new RemoteFile("a/b.gguf", 9, new Checksum(SHA256)),
                        new RemoteFile("name-only", RemoteFile.UNKNOWN, Checksum.NONE));
        assertThat(listing.below("a")).containsExactly("b.gguf");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../x", "/etc/passwd", "a/..", ".", "a\\\\b", "nul\\u0000"})
    void aPathThatLeadsOutOfTheRepositoryIsRefused(String path) {
        assertThatThrownBy(() -> of("{\"sha\":\"" + COMMIT + "\",\"siblings\":[{\"rfilename\":\"" + path + "\"}]}"))
                .isInstanceOf(StageException.class)
                .hasMessageContaining("which is not a path inside it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"sha\":\"main\",\"siblings\":[]}", "[]"})
    void anAnswerOfAnythingElseIsRefused(String answer) {
        assertThatThrownBy(() -> of(answer))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
                .hasMessageContaining("there did not answer as the Hugging Face Hub does");
    }

    @Test
    void aListingIsKeptInTheCache(@TempDir Path folder) throws Exception {
        Listing listing = of("{\"sha\":\"" + COMMIT + "\",\"siblings\":[{\"rfilename\":\"a\",\"size\":1}]}");
        HubCache cache = new HubCache(folder);
        cache.remember("feature/x", listing);
        assertThat(cache.ref("feature/x")).contains(COMMIT);
        assertThat(cache.ref("feature")).isEmpty();
        assertThat(cache.listing(COMMIT)).contains(listing);
        assertThat(cache.commits()).containsExactly(COMMIT);
    }

    @Test
    void aDamagedEntryOfTheCacheIsAsIfThereWereNone(@TempDir Path folder) throws IOException {
        Path listings = Files.createDirectories(folder.resolve("listings"));
        Files.writeString(listings.resolve(COMMIT + ".json"), "{\"com");
        assertThat(new HubCache(folder).listing(COMMIT)).isEmpty();
    }

    @Test
    void checksumsAreThoseOfGitAndOfSha256(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("x"), "hello\n");
        assertThat(new Checksum(GIT).of(file)).isEqualTo(new Checksum("ce013625030ba8dba906f756967f9e9ca394464a"));
        assertThat(new Checksum(SHA256).of(file))
                .isEqualTo(new Checksum("5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"" + GIT + "\"", "W/\"" + GIT + "\"", GIT})
    void anEntityTagMayBeAChecksum(String tag) {
        assertThat(Checksum.ofTag(tag)).isEqualTo(new Checksum(GIT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"abc\"", "\"d41d8cd98f00b204e9800998ecf8427e-8\""})
    void otherEntityTagsAreNoChecksums(String tag) {
        assertThat(Checksum.ofTag(tag).known()).isFalse();
    }

    private static Listing of(String json) throws JsonProcessingException {
        return Listing.of(Json.mapper().readTree(json), "there");
    }
}
