package dev.modelfamily.trainer.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.api.v1alpha1.DataFormat;
import dev.modelfamily.api.v1alpha1.GenerateSpec;
import dev.modelfamily.contract.DataSource;
import dev.modelfamily.contract.PrepareOrder;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.PreparedData;
import dev.modelfamily.contract.Reporting;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.trainer.data.TokenSet;
import dev.modelfamily.trainer.fetch.FetchSettings;
import dev.modelfamily.trainer.report.Reporter;
import dev.modelfamily.trainer.torch.Torch;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("torch")
class GeneratedTest {
    @TempDir
    private Path folder;

    private Path parent;

    @BeforeEach
    void makeParent() {
        Torch.setThreads(1);
        parent = TinyModel.whole().write(folder.resolve("parent"));
    }

    private PrepareResult prepare(String output, String uri) throws Exception {
        DataSource source = new DataSource("training", uri, "", "", "", DataFormat.Text, "text", 1, "", 0);
        Path docs = Files.writeString(folder.resolve("docs.txt"), "some words and other words");
        DataSource evaluation = new DataSource("docs", "file:" + docs, "", "", "", DataFormat.Text, "text", 1, "", 4);
        Reporting quiet = new Reporting(0, 600, 1);
        PrepareOrder order = new PrepareOrder(
                StageOrder.VERSION,
                "tiny",
                "file:" + parent,
                "",
                "",
                List.of(source, evaluation),
                0.01,
                false,
                folder.resolve("storage").resolve(output).toString(),
                quiet);
        try (Reporter reporter =
                new Reporter(new PrintStream(new ByteArrayOutputStream()), "prepare", "parent", 1, quiet)) {
            return new Preparation(order, FetchSettings.of(Map.of("HOME", folder.toString())), reporter).run();
        }
    }

    @Test
    void aSetIsSampledFromTheParentBesideThoseThatAreRead() throws Exception {
        PrepareResult result = prepare("first", new GenerateSpec("200", null, 3L).uri());

        assertThat(result.data()).extracting(set -> set.ref().name()).containsExactly("training", "docs");
        PreparedData made = result.data().getFirst();
        assertThat(made.revision()).isEqualTo(result.parent().digest());
        try (TokenSet tokens = TokenSet.open(Path.of(made.ref().path()))) {
            tokens.verify();
            // Four sequences of 64 tokens, the context of the model; their separators are written between documents
            // only.
            assertThat(tokens.count()).isBetween(4 * 63L - 20, 4 * 64L);
        }
    }

    @Test
    void theSameSeedGivesTheSameTokensAndAnotherOthers() throws Exception {
        String digest = digest("first", new GenerateSpec("200", "1.0", 3L).uri());

        Files.move(folder.resolve("storage"), folder.resolve("elsewhere"));
        assertThat(digest("second", new GenerateSpec("0.2k", null, 3L).uri())).isEqualTo(digest);
        assertThat(digest("third", new GenerateSpec("200", null, 4L).uri())).isNotEqualTo(digest);
    }

    private String digest(String output, String uri) throws Exception {
        return prepare(output, uri).data().getFirst().ref().digest();
    }

    @Test
    void whatAnotherPreparationSampledIsTaken() throws Exception {
        String uri = new GenerateSpec("200", null, 3L).uri();
        prepare("first", uri);
        prepare("second", uri);

        assertThat(Files.isSameFile(
                        folder.resolve("storage/first/data/training/tokens.bin"),
                        folder.resolve("storage/second/data/training/tokens.bin")))
                .isTrue();
    }

    @Test
    void aUriThatDoesNotTellItIsRefused() {
        assertThatThrownBy(() -> prepare("first", "generate:much"))
                .isInstanceOf(StageException.class)
                .hasMessageContaining("generate:tokens=N&temperature=T&seed=N");
    }
}
