package dev.modelfamily.trainer.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.api.v1alpha1.DataFormat;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CorpusFilesTest {
    private static final List<String> REPOSITORY = List.of(
            "README.md",
            "cosmopedia-v2/train-00001-of-00002.parquet",
            "cosmopedia-v2/train-00000-of-00002.parquet",
            "fineweb-edu/train-00000-of-00001.parquet",
            "sample/10BT/0.parquet",
            "wiki/validation.parquet",
            "extra.jsonl.gz");

    @Test
    void aSubsetIsAFolder() {
        assertThat(parquet("cosmopedia-v2", ""))
                .containsExactly(
                        "cosmopedia-v2/train-00000-of-00002.parquet", "cosmopedia-v2/train-00001-of-00002.parquet");
    }

    @Test
    void aSubsetMayNameFoldersJoinedByAHyphen() {
        assertThat(parquet("sample-10BT", "")).containsExactly("sample/10BT/0.parquet");
    }

    @Test
    void aSplitIsAWordOfTheNameOrASynonym() {
        assertThat(parquet("", "valid")).containsExactly("wiki/validation.parquet");
        assertThat(parquet("fineweb-edu", "train")).containsExactly("fineweb-edu/train-00000-of-00001.parquet");
    }

    @Test
    void withoutSubsetAndSplitAllFilesOfTheFormatAreMeant() {
        assertThat(parquet("", "")).hasSize(5);
        assertThat(CorpusFiles.choose(REPOSITORY, DataFormat.Jsonl, "", "", "here"))
                .containsExactly("extra.jsonl.gz");
    }

    @Test
    void aChoiceThatFitsNothingSaysWhatIsThere() {
        assertThatThrownBy(() -> parquet("python-edu", "test"))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NOT_FOUND))
                .hasMessageContaining("hf://datasets/a/b has no Parquet files of subset 'python-edu' of split 'test'")
                .hasMessageContaining("wiki/validation.parquet");
    }

    private static List<String> parquet(String subset, String split) {
        return CorpusFiles.choose(REPOSITORY, DataFormat.Parquet, subset, split, "hf://datasets/a/b");
    }
}
