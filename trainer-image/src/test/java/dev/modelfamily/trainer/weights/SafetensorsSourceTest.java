package dev.modelfamily.trainer.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsSourceTest {
    @TempDir
    Path folder;

    private Path file(String header, float... data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return file(json.length, json, data);
    }

    private Path file(long length, byte[] json, float... data) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(8 + json.length + 4 * data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(length).put(json);
        for (float value : data) {
            bytes.putFloat(value);
        }
        return Files.write(folder.resolve("model.safetensors"), bytes.array());
    }

    private static void refused(Path file, String... parts) {
        assertThatThrownBy(() -> SafetensorsSource.openFile(file).close())
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
                .hasMessageContaining(file.toString())
                .hasMessageContainingAll(parts);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "[]; not a JSON object",
                "{\"t\": ; not JSON",
                "{} {}; not JSON",
                "{\"t\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]},"
                        + " \"t\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}}; not JSON",
                "{\"t\": {\"dtype\": \"F31\", \"shape\": [2], \"data_offsets\": [0, 8]}}; tensor t has the unknown dtype 'F31'",
                "{\"t\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 12]}}; tensor t has data_offsets [0, 12]",
                "{\"t\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [8, 0]}}; tensor t has data_offsets [8, 0]",
                "{\"t\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [8]}}; tensor t has data_offsets [8]",
                "{\"t\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [-8, 0]}}; tensor t has data_offsets [-8,0]",
                "{\"t\": {\"dtype\": \"F32\", \"shape\": [3], \"data_offsets\": [0, 8]}}; tensor t has shape [3] of F32 but 8",
                "{\"t\": {\"dtype\": \"F32\", \"shape\": [1.5], \"data_offsets\": [0, 8]}}; tensor t has shape [1.5]",
                "{\"t\": {\"dtype\": \"F32\", \"shape\": 2, \"data_offsets\": [0, 8]}}; tensor t has no shape",
                "{\"t\": {\"dtype\": \"F32\", \"shape\": [4294967296, 4294967296], \"data_offsets\": [0, 8]}}; impossible shape",
                "{\"t\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}}; 4 bytes after its last tensor",
                "{\"t\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [4, 8]}}; tensor t begins after 4 bytes",
                "{\"t\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]},"
                        + " \"u\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [4, 8]}}; tensor u overlaps",
                "{}; 8 bytes after",
            })
    void aHeaderThatDoesNotFitTheFileIsRefused(String header, String named) throws IOException {
        refused(file(header, 1, 2), named);
    }

    @Test
    void aHeaderLongerThanTheFileIsRefused() throws IOException {
        refused(file(1000, new byte[] {'{', '}'}), "header is 1000 bytes", "10");
    }

    @Test
    void aHeaderOfAbsurdLengthIsRefused() throws IOException {
        refused(file(-1, new byte[] {'{', '}'}), "18446744073709551615");
    }

    @Test
    void aFileTooShortForALengthIsRefused() throws IOException {
        refused(Files.write(folder.resolve("model.safetensors"), new byte[7]), "7 bytes");
    }

    @Test
    void aMissingFileIsNotFound() {
        assertThatThrownBy(() -> SafetensorsSource.openFolder(folder).close())
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NOT_FOUND))
                .hasMessageContaining(folder.toString());
    }

    @ParameterizedTest
    @CsvSource({"NaN", "Infinity", "-Infinity"})
    void aWeightThatIsNoNumberIsRefusedByTensorAndIndex(float value) throws IOException {
        Path file = file("{\"t\": {\"dtype\": \"F32\", \"shape\": [3], \"data_offsets\": [0, 12]}}", 1, 2, value);
        try (WeightSource source = SafetensorsSource.openFile(file)) {
            assertThatThrownBy(() -> Tensors.read(source, "t"))
                    .isInstanceOfSatisfying(
                            StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
                    .hasMessageContainingAll(file.toString(), "tensor t", Float.toString(value), "index 2");
        }
    }

    @Test
    void integersAreListedButNotReadAsWeights() throws IOException {
        Path file = file("{\"t\": {\"dtype\": \"I32\", \"shape\": [1], \"data_offsets\": [0, 4]}}", 1);
        try (WeightSource source = SafetensorsSource.openFile(file)) {
            assertThat(source.tensors()).containsKey("t");
            assertThatThrownBy(() -> Tensors.read(source, "t"))
                    .isInstanceOf(StageException.class)
                    .hasMessageContainingAll("tensor t", "I32");
        }
    }

    @Test
    void aTensorThatIsNotThereIsNamed() throws IOException {
        Path file = file("{\"t\": {\"dtype\": \"F32\", \"shape\": [], \"data_offsets\": [0, 4]}}", 1);
        try (WeightSource source = SafetensorsSource.openFile(file)) {
            assertThat(Tensors.read(source, "t")).containsExactly(1);
            assertThatThrownBy(() -> source.read("u", java.lang.foreign.MemorySegment.NULL))
                    .isInstanceOf(StageException.class)
                    .hasMessageContaining("no tensor u");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"weight_map\": {\"u\": \"model.safetensors\"}}; BAD_DATA; tensor u is in model.safetensors, which lacks it",
                "{\"weight_map\": {\"t\": \"other.safetensors\"}}; NOT_FOUND; other.safetensors does not exist",
                "{\"weight_map\": {\"t\": \"../model.safetensors\"}}; BAD_DATA; ../model.safetensors",
                "{\"weight_map\": {\"t\": 7}}; BAD_DATA; '7'",
                "{\"weight_map\": {}}; BAD_DATA; no weight_map",
                "{; BAD_DATA; not JSON",
            })
    void anIndexThatDoesNotFitItsShardsIsRefused(String index, ExitCode code, String named) throws IOException {
        file("{\"t\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}}", 1);
        Files.writeString(folder.resolve("model.safetensors.index.json"), index);
        assertThatThrownBy(() -> SafetensorsSource.openFolder(folder).close())
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(code))
                .hasMessageContaining(named);
    }
}
