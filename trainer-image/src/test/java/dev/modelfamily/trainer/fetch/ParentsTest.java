package dev.modelfamily.trainer.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.api.v1alpha1.DataFormat;
import dev.modelfamily.contract.DataSource;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Reporting;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.fetch.FakeHub.Asked;
import dev.modelfamily.trainer.prepare.TinyModel;
import dev.modelfamily.trainer.report.Reporter;
import dev.modelfamily.trainer.weights.Models;
import dev.modelfamily.trainer.weights.OpenModel;
import dev.modelfamily.trainer.weights.gguf.GgufBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class ParentsTest {
    @TempDir
    Path folder;

    private final FakeHub hub = new FakeHub();
    private final Reporter reporter = new Reporter(
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
            "k",
            "parent",
            1,
            new Reporting(0, 1, 0));
    private FetchSettings settings;

    @BeforeEach
    void settings() {
        settings = FetchSettings.of(Map.of("HF_ENDPOINT", hub.endpoint().toString(), "HOME", folder.toString()));
    }

    @AfterEach
    void close() {
        reporter.close();
        hub.close();
    }

    @Test
    void aFetchedFolderOpensAndHasTheDigestOfTheOriginal() {
        Path original = TinyModel.whole().sharded(10_000).write(folder.resolve("original"));
        Map<String, byte[]> files = contents(original);
        files.put("pytorch_model.bin", new byte[10]);
        files.put("consolidated.safetensors", new byte[10]);
        String commit = hub.commit("models/o/n", "main", files);
        Parents.Copy copy = fetch("hf://o/n", false);
        assertThat(copy.revision()).isEqualTo(commit);
        assertThat(Models.digest(copy.path(), _ -> {})).isEqualTo(Models.digest(original, _ -> {}));
        assertThat(hub.asked()).noneMatch(request -> request.path().endsWith(".bin"));
        assertThat(hub.asked("consolidated.safetensors")).isEmpty();
        try (OpenModel model = Models.open(copy.path())) {
            assertThat(model.license()).isEqualTo("apache-2.0");
        }
    }

    @Test
    void aModelMayLieInAFolderOfItsRepository() {
        Map<String, byte[]> files = new TreeMap<>();
        contents(TinyModel.whole().write(folder.resolve("original")))
                .forEach((name, bytes) -> files.put("small/model/" + name, bytes));
        hub.commit("models/o/n", "main", files);
        try (OpenModel model = Models.open(fetch("hf://o/n/small/model", false).path())) {
            assertThat(model.config()).isEqualTo(TinyModel.whole().config());
        }
    }

    @Test
    void aGgufFileIsTakenByName() throws IOException {
        byte[] gguf = Files.readAllBytes(GgufBuilder.llama().write(folder.resolve("a.gguf")));
        hub.commit("models/o/n", "main", Map.of("tiny-F32.gguf", gguf, "tiny-Q4.gguf", new byte[5]));
        Parents.Copy copy = fetch("hf://o/n/tiny-F32.gguf", false);
        assertThat(copy.path()).hasFileName("tiny-F32.gguf").hasBinaryContent(gguf);
        assertThat(hub.asked("tiny-Q4.gguf")).isEmpty();
    }

    @Test
    void headersAloneOpenWithoutTheWeights() {
        Path original = TinyModel.whole().write(folder.resolve("original"));
        hub.commit("models/o/n", "main", contents(original));
        Parents.Copy copy = fetch("hf://o/n", true);
        try (OpenModel model = Models.open(copy.path());
                OpenModel whole = Models.open(original)) {
            assertThat(model.weights().tensors()).isEqualTo(whole.weights().tensors());
        }
        assertThat(hub.asked("model.safetensors"))
                .extracting(Asked::range)
                .allMatch(range -> range.startsWith("bytes=0-"));
        assertThat(copy.path().resolve("model.safetensors"))
                .hasSize(original.resolve("model.safetensors").toFile().length());
    }

    @Test
    void headersOfAServerWithoutRangesAreThoseOfTheWholeFile() {
        hub.withoutRanges()
                .commit("models/o/n", "main", contents(TinyModel.whole().write(folder.resolve("original"))));
        try (OpenModel model = Models.open(fetch("hf://o/n", true).path())) {
            assertThat(model.weights().tensors()).isNotEmpty();
        }
    }

    @Test
    void headersOfAGgufFileOpen() throws IOException {
        byte[] gguf = Files.readAllBytes(GgufBuilder.llama().write(folder.resolve("a.gguf")));
        byte[] long20 = Arrays.copyOf(gguf, 20_000_000);
        hub.commit("models/o/n", "main", Map.of("tiny.gguf", long20));
        Path copy = fetch("hf://o/n", true).path();
        assertThat(copy).hasSize(20_000_000);
        try (OpenModel model = Models.open(copy)) {
            assertThat(model.config().path("hidden_size").asInt()).isEqualTo(8);
        }
        assertThat(hub.asked("tiny.gguf")).extracting(Asked::range).containsOnly("bytes=0-16777215");
    }

    @Test
    void anArchitectureThatIsNotSupportedCostsNoWeights() {
        Map<String, byte[]> files = contents(TinyModel.whole().write(folder.resolve("original")));
        files.put("config.json", "{\"model_type\":\"mamba\"}".getBytes(StandardCharsets.UTF_8));
        hub.commit("models/o/n", "main", files);
        assertThatThrownBy(() -> fetch("hf://o/n", false))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
                .hasMessageContaining("mamba");
        assertThat(hub.asked("model.safetensors")).isEmpty();
    }

    @Test
    void aCorpusIsTheFilesOfItsSubsetAndSplit() {
        String commit = hub.commit(
                "datasets/o/n",
                "main",
                Map.of(
                        "a/train-0.jsonl",
                        text("one"),
                        "a/test-0.jsonl",
                        text("two"),
                        "b/train-0.jsonl",
                        text("three")));
        Corpora.Copy copy = new Corpora(settings, reporter).fetch(data("hf://datasets/o/n", "a", "train"));
        assertThat(copy.revision()).isEqualTo(commit);
        assertThat(copy.files())
                .singleElement()
                .satisfies(
                        file -> assertThat(file).hasBinaryContent(text("one")).endsWith(Path.of("a/train-0.jsonl")));
        assertThat(hub.asked()).extracting(Asked::path).noneMatch(path -> path.contains("test"));
    }

    @Test
    void aCorpusMayBeOneFile() {
        hub.commit("datasets/o/n", "main", Map.of("x/some.jsonl", text("one"), "y.jsonl", text("two")));
        Corpora.Copy copy = new Corpora(settings, reporter).fetch(data("hf://datasets/o/n/x/some.jsonl", "", "train"));
        assertThat(copy.files())
                .singleElement()
                .satisfies(file -> assertThat(file).hasBinaryContent(text("one")));
    }

    @Test
    void setsOfOneRepositoryAreOfOneCommit() {
        hub.commit("datasets/o/n", "main", Map.of("train.jsonl", text("one"), "test.jsonl", text("two")));
        Corpora corpora = new Corpora(settings, reporter);
        String first = corpora.fetch(data("hf://datasets/o/n", "", "train")).revision();
        hub.commit("datasets/o/n", "main", Map.of("train.jsonl", text("three"), "test.jsonl", text("four")));
        assertThat(corpora.fetch(data("hf://datasets/o/n", "", "test")).revision())
                .isEqualTo(first);
    }

    @Test
    void aModelIsNoCorpusAndACorpusNoModel() {
        assertRefused(() -> new Corpora(settings, reporter).fetch(data("hf://o/n", "", "")), "names a model");
        assertRefused(() -> fetch("hf://datasets/o/n", false), "names a data set");
    }

    private static void assertRefused(Runnable fetching, String message) {
        assertThatThrownBy(fetching::run)
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_ORDER))
                .hasMessageContaining(message);
    }

    private Parents.Copy fetch(String uri, boolean headersOnly) {
        return new Parents(settings, reporter, folder.resolve("parent")).fetch(uri, "", "", headersOnly);
    }

    private static DataSource data(String uri, String subset, String split) {
        return new DataSource("training", uri, "", subset, split, DataFormat.Jsonl, "text", 1, "", 0);
    }

    private static byte[] text(String text) {
        return ("{\"text\":\"" + text + "\"}\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The files of a folder by name. */
    static Map<String, byte[]> contents(Path folder) {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }
}
