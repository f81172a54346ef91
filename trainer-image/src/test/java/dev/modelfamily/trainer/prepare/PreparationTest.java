package dev.modelfamily.trainer.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.modelfamily.api.v1alpha1.DataFormat;
import dev.modelfamily.contract.DataSource;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.PrepareOrder;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.PreparedData;
import dev.modelfamily.contract.Progress;
import dev.modelfamily.contract.Reporting;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.planner.ModelShapes;
import dev.modelfamily.planner.Parameters;
import dev.modelfamily.trainer.data.TokenSet;
import dev.modelfamily.trainer.fetch.FetchSettings;
import dev.modelfamily.trainer.report.Reporter;
import dev.modelfamily.trainer.weights.Models;
import dev.modelfamily.trainer.weights.gguf.GgufBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final List<DataSource> data = new ArrayList<>();
    private Path parent;
    private Path output;
    private double maxBadLines;
    private boolean headersOnly;

    @BeforeEach
    void aParent() {
        output = folder.resolve("storage/first");
        parent = TinyModel.whole().write(folder.resolve("parent"));
    }

    @Test
    void aLocalParentIsVerifiedAndDigestedWhereItLies() {
        PrepareResult result = prepare();
        assertThat(result.parent().path()).isEqualTo(parent.toString());
        assertThat(result.parent().digest()).isEqualTo(Models.digest(parent, _ -> {}));
        assertThat(result.revision()).isEqualTo(result.parent().digest());
        assertThat(result.config()).isEqualTo(TinyModel.whole().config());
        assertThat(result.parameters()).isEqualTo(Parameters.of(ModelShapes.of(result.config())));
    }

    @Test
    void theResultIsAlsoInAFile() {
        PrepareResult result = prepare();
        assertThat(Json.read(output.resolve("result.json"), PrepareResult.class))
                .isEqualTo(result);
    }

    @Test
    void eachDataSetIsTokenisedIntoAFolderOfItsName() throws IOException {
        add("training", "train.jsonl", "{\"text\":\"some words\"}\n{\"text\":\"other words\"}\n");
        add("novel", "novel.txt", "wider and wider");
        List<PreparedData> sets = prepare().data();
        assertThat(sets)
                .extracting(set -> set.ref().name(), PreparedData::documents)
                .containsExactly(tuple("training", 2L), tuple("novel", 1L));
        for (PreparedData set : sets) {
            try (TokenSet tokens = TokenSet.open(Path.of(set.ref().path()))) {
                tokens.verify();
                assertThat(tokens.manifest().digest()).isEqualTo(set.ref().digest());
                assertThat(tokens.count()).isEqualTo(set.tokens()).isPositive();
            }
        }
    }

    @Test
    void aSecondRunKeepsWhatIsWhole() throws IOException {
        add("training", "train.jsonl", "{\"text\":\"some words\"}\n");
        PrepareResult first = prepare();
        FileTime written = written();
        assertThat(prepare()).isEqualTo(first);
        assertThat(written()).isEqualTo(written);
    }

    @Test
    void aSetThatAnotherPreparationOfTheStorageMadeIsNotMadeAgain() throws IOException {
        add("training", "train.jsonl", "{\"text\":\"some words\"}\n");
        PrepareResult first = prepare();
        output = folder.resolve("storage/second");
        add("docs", "docs.txt", "other words");
        PrepareResult second = prepare();
        assertThat(second.data().getFirst().ref().digest())
                .isEqualTo(first.data().getFirst().ref().digest());
        Path made = folder.resolve("storage/first/data/training/tokens.bin");
        assertThat(Files.isSameFile(made, output.resolve("data/training/tokens.bin")))
                .isTrue();
        Files.writeString(folder.resolve("train.jsonl"), "{\"text\":\"words wider\"}\n");
        prepare();
        assertThat(TokenSet.manifest(made.getParent()).digest())
                .isEqualTo(first.data().getFirst().ref().digest());
        assertThat(made).hasSize(first.data().getFirst().tokens() * 2);
    }

    @Test
    void aSetOfTheStorageThatIsDamagedIsMadeAgain() throws IOException {
        add("training", "train.jsonl", "{\"text\":\"some words\"}\n");
        PrepareResult first = prepare();
        Files.write(
                output.resolve("data/training/tokens.bin"),
                new byte[(int) first.data().getFirst().tokens() * 2]);
        output = folder.resolve("storage/second");
        assertThat(prepare().data().getFirst().ref().digest())
                .isEqualTo(first.data().getFirst().ref().digest());
    }

    @Test
    void changedTextsAreTokenisedAgain() throws IOException {
        add("training", "train.jsonl", "{\"text\":\"some words\"}\n");
        PrepareResult first = prepare();
        Files.writeString(folder.resolve("train.jsonl"), "{\"text\":\"words wider\"}\n");
        assertThat(prepare().data().getFirst().ref().digest())
                .isNotEqualTo(first.data().getFirst().ref().digest());
    }

    @Test
    void aDamagedTokenSetIsMadeAgain() throws IOException {
        add("training", "train.jsonl", "{\"text\":\"some words\"}\n");
        PrepareResult first = prepare();
        Path tokens = output.resolve("data/training/tokens.bin");
        byte[] good = Files.readAllBytes(tokens);
        Files.write(tokens, new byte[good.length]);
        assertThat(prepare()).isEqualTo(first);
        assertThat(Files.readAllBytes(tokens)).isEqualTo(good);
    }

    @Test
    void whatABrokenRunLeftIsMadeWhole() throws IOException {
        add("training", "train.jsonl", "{\"text\":\"some words\"}\n");
        PrepareResult whole = prepare();
        Files.delete(output.resolve("data/training/manifest.json"));
        Files.write(output.resolve("data/training/tokens.bin.tmp"), new byte[5]);
        Files.delete(output.resolve("result.json"));
        assertThat(prepare()).isEqualTo(whole);
        assertThat(output.resolve("data/training/tokens.bin.tmp")).doesNotExist();
    }

    @Test
    void badLinesAreCounted() throws IOException {
        add("training", "train.jsonl", "{\"text\":\"some words\"}\nbroken\n{\"text\":\"words\"}\n");
        maxBadLines = 0.5;
        assertThat(prepare().data().getFirst().badLines()).isEqualTo(1);
    }

    @Test
    void tooManyBadLinesEndThePreparationAndLeaveNoSet() throws IOException {
        add("training", "train.jsonl", "{\"text\":\"some words\"}\nbroken\n");
        assertRefused(ExitCode.BAD_DATA, "data set 'training': 1 of 2 lines");
        assertThat(output.resolve("data/training")).isEmptyDirectory();
        assertThat(output.resolve("result.json")).doesNotExist();
    }

    @Test
    void aSetWithoutTextIsRefused() throws IOException {
        add("docs", "empty.txt", "");
        assertRefused(ExitCode.BAD_DATA, "data set 'docs' holds no text");
    }

    @Test
    void aMissingParentSaysWhatIsThere() {
        parent = folder.resolve("missing");
        assertRefused(ExitCode.NOT_FOUND, folder + "/missing does not exist; " + folder + " holds parent, storage");
    }

    @Test
    void aMissingTextFileSaysWhatIsThere() throws IOException {
        add("docs", "docs.txt", "words");
        Files.delete(folder.resolve("docs.txt"));
        assertRefused(ExitCode.NOT_FOUND, "docs.txt does not exist");
    }

    @Test
    void aTokenizerOfAnotherModelIsRefused() {
        parent = TinyModel.whole().rows(200).write(folder.resolve("narrow"));
        assertRefused(ExitCode.BAD_DATA, "they belong to different models");
    }

    @Test
    void aParentThatLacksATensorIsRefused() throws IOException {
        String config = TinyModel.whole().config().put("num_hidden_layers", 3).toString();
        Files.writeString(parent.resolve("config.json"), config);
        assertRefused(ExitCode.BAD_DATA, "the model lacks the tensor model.layers.2");
    }

    @Test
    void headersAloneAreEnoughForAPlan() throws IOException {
        add("training", "never-read.jsonl", "broken");
        headersOnly = true;
        PrepareResult result = prepare();
        assertThat(result.parent().digest()).isEmpty();
        assertThat(result.data()).isEmpty();
        assertThat(result.parameters()).isPositive();
    }

    @Test
    void aGgufFileGivesItsOwnConfigurationAndTokenizer() throws IOException {
        parent = GgufBuilder.llama().write(folder.resolve("tiny.gguf"));
        add("docs", "docs.txt", "abab");
        PrepareResult result = prepare();
        assertThat(result.config().path("hidden_size").asInt()).isEqualTo(8);
        assertThat(result.data().getFirst().tokens()).isEqualTo(2);
    }

    @Test
    void theProgressOfEachPhaseReachesItsEnd() throws IOException {
        add("training", "train.jsonl", "{\"text\":\"some words\"}\n");
        prepare();
        List<Progress> lines = new ArrayList<>();
        for (String line : said.toString(StandardCharsets.UTF_8).lines().toList()) {
            lines.add(Json.mapper().readValue(line, Progress.class));
        }
        assertThat(lines).extracting(Progress::phase).contains("verify", "tokenise");
        assertThat(lines.getLast().done()).isEqualTo(lines.getLast().total()).isPositive();
    }

    @Test
    void manyDocumentsDoNotMakeManyLines() throws IOException {
        add("training", "train.jsonl", "{\"text\":\"some words\"}\n".repeat(5000));
        prepare();
        assertThat(said.toString(StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.contains("\"phase\":\"tokenise\"") && line.contains("\"done\":110000,")))
                .hasSize(1);
    }

    private FileTime written() throws IOException {
        return Files.getLastModifiedTime(output.resolve("data/training/tokens.bin"));
    }

    private void assertRefused(ExitCode exitCode, String message) {
        assertThatThrownBy(this::prepare)
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(exitCode))
                .hasMessageContaining(message);
    }

    private void add(String name, String file, String content) throws IOException {
        Path path = Files.writeString(folder.resolve(file), content);
        DataFormat format = file.endsWith(".txt") ? DataFormat.Text : DataFormat.Jsonl;
        data.add(new DataSource(name, "file:" + path, "", "", "", format, "text", 1, "", 0));
    }

    private PrepareResult prepare() {
        PrepareOrder order = new PrepareOrder(
                StageOrder.VERSION,
                "family",
                "file:" + parent,
                "",
                "",
                List.copyOf(data),
                maxBadLines,
                headersOnly,
                output.toString(),
                new Reporting(0, 1, 0));
        try (Reporter reporter = new Reporter(
                new PrintStream(said, true, StandardCharsets.UTF_8), "prepare", "parent", 1, order.reporting())) {
            return new Preparation(order, FetchSettings.of(Map.of("HOME", folder.toString())), reporter).run();
        }
    }
}
