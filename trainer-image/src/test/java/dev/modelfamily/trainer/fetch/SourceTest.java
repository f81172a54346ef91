package dev.modelfamily.trainer.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceTest {
    @ParameterizedTest
    @CsvSource(
            value = {
                "hf://a/b | MODEL | '' | ''",
                "hf://a/b/ | MODEL | '' | ''",
                "hf://a/b@v1.0 | MODEL | v1.0 | ''",
                "hf://a/b@refs/pr/7/sub/model.gguf | MODEL | refs/pr/7 | sub/model.gguf",
                "hf://a/b@feature%2Fx/sub | MODEL | feature/x | sub",
                "hf://a/b/sub//folder/ | MODEL | '' | sub/folder",
                "hf://datasets/a/b | DATASET | '' | ''",
                "hf://datasets/a/b@refs/convert/parquet/default | DATASET | refs/convert/parquet | default"
            },
            delimiter = '|')
    void aHubUriNamesRepositoryRevisionAndPath(String uri, Repository.Kind kind, String revision, String path) {
        assertThat(of(uri)).isEqualTo(new Source.Hub(new Repository(kind, "a", "b"), revision, path));
    }

    @Test
    void aRevisionMayStandBesideTheUri() {
        assertThat(Source.of("hf://a/b", "v2", Path.of("/claims")).toString()).isEqualTo("hf://a/b@v2");
        assertRefused("hf://a/b@v1", "v2", "names the revision 'v1' and beside it stands 'v2'");
    }

    @ParameterizedTest
    @CsvSource({
        "file:/data/model, /data/model",
        "file:///data/model, /data/model",
        "file:/data/my%20model, /data/my%20model",
        "pvc://models/base/7b, /claims/models/base/7b",
        "pvc://models//base/, /claims/models/base"
    })
    void aLocalUriIsAPath(String uri, Path path) {
        assertThat(of(uri)).isEqualTo(new Source.Local(path));
    }

    @Test
    void aRelativePathBeginsInTheWorkingFolder() {
        assertThat(of("file:some/../model"))
                .isEqualTo(new Source.Local(Path.of("").toAbsolutePath().resolve("model")));
    }

    @Test
    void localFilesHaveNoRevision() {
        assertRefused("file:/model", "main", "has no revisions");
    }

    @Test
    void aPathMustStayInItsClaim() {
        assertRefused("pvc://models/../other/x", "", "leads out of its claim");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://bucket/x", "oci://registry/x:1", "family://namespace/name/member"})
    void whatIsNotFetchedYetSaysWhatToDo(String uri) {
        assertRefused(uri, "", "'" + uri + "' is of a kind that this version does not fetch; copy it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "model", "hf:a/b", "hf://a", "hf://datasets/a", "https://a/b", "file:", "file://host/x"})
    void whatIsNoUriOfAModelIsRefused(String uri) {
        assertRefused(uri, "", "the URI '" + uri + "' ");
    }

    private static Source of(String uri) {
        return Source.of(uri, "", Path.of("/claims"));
    }

    private static void assertRefused(String uri, String revision, String message) {
        assertThatThrownBy(() -> Source.of(uri, revision, Path.of("/claims")))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_ORDER))
                .hasMessageContaining(message);
    }
}
