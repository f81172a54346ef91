package dev.modelfamily.trainer.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ModelFilesTest {
    @Test
    void aFolderIsItsConfigurationTokenizerAndCard() {
        assertThat(choose("", "config.json", "model.safetensors", "tokenizer.json", "README.md", "x.py", "a.bin"))
                .isInstanceOfSatisfying(ModelFiles.Folder.class, folder -> {
                    assertThat(folder.small()).containsExactlyInAnyOrder("config.json", "tokenizer.json", "README.md");
                    assertThat(folder.index()).isEmpty();
                });
    }

    @Test
    void anIndexComesBeforeASingleFile() {
        assertThat(choose("", "config.json", "tokenizer.json", "model.safetensors", "model.safetensors.index.json"))
                .isInstanceOfSatisfying(
                        ModelFiles.Folder.class,
                        folder -> assertThat(folder.index()).isEqualTo(Optional.of("model.safetensors.index.json")));
    }

    @Test
    void aFolderOfTheRepositoryHasItsOwnFiles() {
        assertThat(choose(
                        "sub",
                        "config.json",
                        "sub/config.json",
                        "sub/model.safetensors",
                        "sub/tokenizer.json",
                        "sub/old/config.json"))
                .isInstanceOfSatisfying(
                        ModelFiles.Folder.class,
                        folder -> assertThat(folder.small()).containsExactly("sub/config.json", "sub/tokenizer.json"));
    }

    @Test
    void theOnlyGgufFileNeedsNoName() {
        assertThat(choose("", "README.md", "a.gguf")).isEqualTo(new ModelFiles.Gguf("a.gguf"));
        assertThat(choose("sub", "sub/a.gguf")).isEqualTo(new ModelFiles.Gguf("sub/a.gguf"));
    }

    @Test
    void ofSeveralGgufFilesOneIsToBeNamed() {
        assertRefused(
                ExitCode.NOT_FOUND,
                "holds 2 GGUF files; name one in the URI; there are [a.gguf, b.gguf]",
                "",
                "a.gguf",
                "b.gguf");
        assertThat(choose("b.gguf", "a.gguf", "b.gguf")).isEqualTo(new ModelFiles.Gguf("b.gguf"));
        assertRefused(ExitCode.NOT_FOUND, "hf://o/n/c.gguf does not exist; there are [a.gguf]", "c.gguf", "a.gguf");
    }

    @Test
    void pickledWeightsAreNeverFetched() {
        assertRefused(
                ExitCode.BAD_DATA,
                "in a format that is not read; convert them to safetensors",
                "",
                "config.json",
                "tokenizer.json",
                "pytorch_model.bin");
    }

    @Test
    void aModelWithoutItsTokenizerIsNotComplete() {
        assertRefused(ExitCode.NOT_FOUND, "has no tokenizer.json", "", "config.json", "model.safetensors");
    }

    @Test
    void whereThereIsNoModelTheMessageSaysWhatThereIs() {
        assertRefused(ExitCode.NOT_FOUND, "holds no model; there are [a.txt, b.txt]", "", "a.txt", "b.txt");
        assertRefused(ExitCode.NOT_FOUND, "hf://o/n/sub holds no model; there are [a.txt]", "sub", "a.txt");
    }

    private static void assertRefused(ExitCode exitCode, String message, String path, String... files) {
        assertThatThrownBy(() -> choose(path, files))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(exitCode))
                .hasMessageContaining(message);
    }

    private static ModelFiles choose(String path, String... files) {
        Source.Hub source = new Source.Hub(new Repository(Repository.Kind.MODEL, "o", "n"), "", path);
        return ModelFiles.choose(
                source,
                new Listing(
                        "0".repeat(40),
                        Stream.of(files)
                                .map(file -> new RemoteFile(file, 1, Checksum.NONE))
                                .toList()));
    }
}
