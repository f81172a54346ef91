package dev.modelfamily.trainer.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.modelfamily.api.v1alpha1.DataFormat;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorpusTest {
    @TempDir
    Path folder;

    private final BadLines badLines = new BadLines();

    @Test
    void eachJsonLineIsADocument() throws IOException {
        Path file = write("a.jsonl", "{\"text\":\"one\"}\n{\"other\":1,\"text\":\"two\\nlines\"}");
        assertThat(read(DataFormat.Jsonl, file))
                .containsExactly(new Passage("one", true), new Passage("two\nlines", true));
        assertThat(badLines.count()).isZero();
    }

    @Test
    void brokenAndEmptyJsonLinesAreCountedAndLeftOut() throws IOException {
        Path file = write("a.jsonl", """
                {"text":"good"}
                not json
                {"text":"good"} trailing
                {"title":"no text"}
                {"text":5}
                {"text":"  "}

                {"text":"half \\ud83d pair"}
                """);
        assertThat(read(DataFormat.Jsonl, file)).containsExactly(new Passage("good", true));
        assertThat(badLines.count()).isEqualTo(7);
    }

    @Test
    void tooManyBadLinesAreRefusedWithTheFirstOfThem() throws IOException {
        read(DataFormat.Jsonl, write("a.jsonl", "{\"text\":\"good\"}\nbroken\n{}\n{\"text\":\"good\"}\n"));
        badLines.refuseAbove(0.5, "training", "mend the data");
        assertThatThrownBy(() -> badLines.refuseAbove(0.49, "training", "mend the data"))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
                .hasMessageContaining("data set 'training': 2 of 4 lines (50.00 %)")
                .hasMessageContaining("a.jsonl line 2: not JSON")
                .hasMessageContaining("a.jsonl line 3: has no field 'text'");
    }

    @Test
    void aTextFileIsOneDocumentWithEveryCharacter() throws IOException {
        String text = "\uFEFFTitle\r\n\r\n  a paragraph\n\n\nanother, without an end";
        assertThat(read(DataFormat.Text, write("a.txt", text))).containsExactly(new Passage(text.substring(1), true));
    }

    @Test
    void aLongTextComesInPassagesThatTogetherAreTheText() throws IOException {
        String text = "A line of words.\n\n  indented\nLast line.\n".repeat(6000);
        List<Passage> passages = read(DataFormat.Text, write("a.txt", text));
        assertThat(passages).hasSizeGreaterThan(2);
        assertThat(String.join("", passages.stream().map(Passage::text).toList()))
                .isEqualTo(text);
        assertThat(passages.stream().filter(Passage::endsDocument)).containsExactly(passages.getLast());
        assertThat(passages.subList(1, passages.size()))
                .allMatch(p -> Character.isLetter(p.text().charAt(0)));
    }

    @Test
    void aTextForATokenizerThatMustSeeAllOfItIsOnePassage() throws IOException {
        Path file = write("a.txt", "A line of words.\n".repeat(10_000));
        assertThat(read(new Corpus.Reading(DataFormat.Text, "text", false, false), file))
                .hasSize(1);
    }

    @Test
    void theTextOfAMixIsManyDocuments() throws IOException {
        Path file = write("a.txt", "A line of words.\n".repeat(10_000));
        assertThat(read(new Corpus.Reading(DataFormat.Text, "text", true, true), file))
                .hasSizeGreaterThan(1)
                .allMatch(Passage::endsDocument);
    }

    @Test
    void linesOfATextThatAreNotUtf8AreCountedAndLeftOut() throws IOException {
        Path file = folder.resolve("a.txt");
        Files.write(file, new byte[] {'a', '\n', (byte) 0xC3, '(', '\n', 'b', '\n'});
        assertThat(read(DataFormat.Text, file)).containsExactly(new Passage("a\nb\n", true));
        assertThat(badLines.count()).isEqualTo(1);
    }

    @Test
    void blankFilesHaveNoDocuments() throws IOException {
        assertThat(read(DataFormat.Text, write("a.txt", "\n \n"))).isEmpty();
        assertThat(read(DataFormat.Jsonl, write("a.jsonl", ""))).isEmpty();
    }

    @Test
    void compressedFilesAreReadByTheirName() throws IOException {
        byte[] text = "{\"text\":\"packed\"}\n".getBytes(StandardCharsets.UTF_8);
        Path zstd = folder.resolve("a.jsonl.zst");
        Files.write(zstd, Zstd.compress(text));
        assertThat(read(DataFormat.Jsonl, writeGzip(text), zstd))
                .containsExactly(new Passage("packed", true), new Passage("packed", true));
    }

    @Test
    void aTruncatedArchiveIsBadData() throws IOException {
        Path file = writeGzip("{\"text\":\"packed\"}\n".repeat(100).getBytes(StandardCharsets.UTF_8));
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 30));
        assertRefused(DataFormat.Jsonl, file, "the compressed file is damaged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"snappy", "zstd", "gzip"})
    void eachParquetRowIsADocument(String codec) throws URISyntaxException {
        assertThat(read(DataFormat.Parquet, resource(codec + ".parquet")))
                .containsExactly(new Passage("first text", true), new Passage("zweiter über alles 日本", true));
        assertThat(badLines.count()).isEqualTo(2);
    }

    @Test
    void aParquetFileWithoutTheColumnNamesThoseThatItHas() throws URISyntaxException {
        Path file = resource("snappy.parquet");
        assertThatThrownBy(() -> read(new Corpus.Reading(DataFormat.Parquet, "body", true, false), file))
                .isInstanceOf(StageException.class)
                .hasMessageContaining("has no column 'body'; set textField to one of [id, text, meta]");
        assertThatThrownBy(() -> read(new Corpus.Reading(DataFormat.Parquet, "id", true, false), file))
                .isInstanceOf(StageException.class)
                .hasMessageContaining("column 'id' is optional int64 id, not one string a row");
    }

    @Test
    void whatIsNoParquetOrOfAnotherCodecIsBadData() throws IOException, URISyntaxException {
        assertRefused(DataFormat.Parquet, write("a.parquet", "no parquet at all"), "cannot be read as Parquet");
        assertRefused(DataFormat.Parquet, resource("lz4.parquet"), "cannot be read as Parquet");
    }

    private void assertRefused(DataFormat format, Path file, String why) {
        assertThatThrownBy(() -> read(format, file))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
                .hasMessageContaining(file.toString())
                .hasMessageContaining(why);
    }

    private List<Passage> read(DataFormat format, Path... files) {
        return read(new Corpus.Reading(format, "text", true, false), files);
    }

    private List<Passage> read(Corpus.Reading reading, Path... files) {
        List<Passage> passages = new ArrayList<>();
        try (Corpus corpus = new Corpus(List.of(files), reading, badLines)) {
            for (Optional<Passage> p = corpus.next(); p.isPresent(); p = corpus.next()) {
                passages.add(p.get());
            }
        }
        return passages;
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Path writeGzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return Files.write(folder.resolve("a.jsonl.gz"), packed.toByteArray());
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(CorpusTest.class.getResource("/corpus/" + name))
                .toURI());
    }
}
