package dev.modelfamily.trainer.weights;

import static dev.modelfamily.trainer.weights.Tensors.matrix;
import static dev.modelfamily.trainer.weights.Tensors.vector;
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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsWriterTest {
    @TempDir
    Path folder;

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @EnumSource(ElementType.class)
    void whatIsWrittenIsReadBack(ElementType type) {
        SafetensorsWriter.write(folder, "model", List.of(matrix("w", type, 2, 1, -2, 0.5f, 0, -0.25f, 1024)), 1000);
        try (WeightSource source = SafetensorsSource.openFolder(folder)) {
            assertThat(source.tensors()).containsOnlyKeys("w");
            assertThat(source.tensors().get("w")).isEqualTo(new TensorInfo("w", type.name(), List.of(2L, 3L)));
            assertThat(Tensors.read(source, "w")).containsExactly(1, -2, 0.5f, 0, -0.25f, 1024);
        }
    }

    @Test
    void oneShardNeedsNoIndex() throws IOException {
        SafetensorsWriter.write(folder, "model", List.of(vector("b", ElementType.F32, 1)), 1000);
        assertThat(files()).containsExactly("model.safetensors");
    }

    @Test
    void moreThanOneShardHasAnIndexAndReadsAsOneModel() throws IOException {
        List<TensorToWrite> tensors = List.of(
                vector("c", ElementType.F32, 5, 6),
                vector("a", ElementType.F32, 1, 2),
                vector("b", ElementType.BF16, 3, 4));
        List<Path> written = SafetensorsWriter.write(folder, "model", tensors, 12);
        assertThat(files())
                .containsExactly(
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json");
        assertThat(written.getLast())
                .hasFileName("model.safetensors.index.json")
                .content()
                .startsWith("""
                {"metadata":{"total_size":20},"weight_map":{"a":"model-00001-of-00002.safetensors",\
                "b":"model-00002-of-00002.safetensors","c":"model-00002-of-00002.safetensors"}}""");
        try (WeightSource source = SafetensorsSource.openFolder(folder)) {
            assertThat(Tensors.read(source, "a")).containsExactly(1, 2);
            assertThat(Tensors.read(source, "b")).containsExactly(3, 4);
            assertThat(Tensors.read(source, "c")).containsExactly(5, 6);
        }
    }

    @Test
    void aTensorAboveTheShardSizeGetsAFileOfItsOwn() throws IOException {
        List<TensorToWrite> tensors = List.of(
                vector("a", ElementType.F32, 1),
                vector("b", ElementType.F32, 1, 2, 3),
                vector("c", ElementType.F32, 1));
        SafetensorsWriter.write(folder, "model", tensors, 4);
        assertThat(files()).hasSize(4);
    }

    @Test
    void theHeaderIsPaddedToEightBytesAndNamesTheFormat() throws IOException {
        Path file = folder.resolve("x.safetensors");
        SafetensorsWriter.writeFile(file, List.of(vector("t", ElementType.F32, 1)));
        byte[] bytes = Files.readAllBytes(file);
        long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertThat(length % 8).isZero();
        assertThat(new String(bytes, 8, (int) length, StandardCharsets.UTF_8))
                .startsWith("{\"__metadata__\":{\"format\":\"pt\"},\"t\":{\"dtype\":\"F32\",\"shape\":[1],"
                        + "\"data_offsets\":[0,4]}}");
    }

    @Test
    void theOrderInWhichTensorsAreGivenDoesNotMatter() throws IOException {
        List<TensorToWrite> tensors = List.of(vector("a", ElementType.BF16, 1), vector("b", ElementType.F32, 2));
        SafetensorsWriter.writeFile(folder.resolve("1"), tensors);
        SafetensorsWriter.writeFile(folder.resolve("2"), tensors.reversed());
        assertThat(folder.resolve("1")).hasSameBinaryContentAs(folder.resolve("2"));
    }

    @Test
    void roundingToBFloat16GoesToTheNearestAndTiesToEven() {
        float[] values = {0x1.00p0f, 0x1.01p0f, 0x1.03p0f, 0x1.010002p0f, -0x1.01p0f, 0x1.fffffep-1f};
        SafetensorsWriter.write(folder, "model", List.of(vector("t", ElementType.BF16, values)), 1000);
        try (WeightSource source = SafetensorsSource.openFolder(folder)) {
            assertThat(Tensors.read(source, "t"))
                    .containsExactly(0x1.00p0f, 0x1.00p0f, 0x1.04p0f, 0x1.02p0f, -0x1.00p0f, 1);
        }
    }

    @Test
    void aValueTooLargeForF16IsRefusedAndNoFileIsLeft() throws IOException {
        List<TensorToWrite> tensors =
                List.of(vector("fine", ElementType.F32, 1), vector("large", ElementType.F16, 1, 70_000));
        assertThatThrownBy(() -> SafetensorsWriter.write(folder, "model", tensors, 1))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
                .hasMessageContainingAll("large", "70000", "index 1", "F16");
        assertThat(files()).isEmpty();
    }

    @Test
    void notANumberIsNeverWrittenAndTheFileBeforeStays() throws IOException {
        Path file = folder.resolve("checkpoint");
        SafetensorsWriter.writeFile(file, List.of(vector("t", ElementType.F32, 1)));
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(() -> SafetensorsWriter.writeFile(file, List.of(vector("t", ElementType.F32, 0, Float.NaN))))
                .isInstanceOf(StageException.class)
                .hasMessageContainingAll("tensor t", "NaN", "index 1");
        assertThat(file).hasBinaryContent(before);
        assertThat(files()).containsExactly("checkpoint");
    }

    @Test
    void aDiskThatIsTooSmallIsRefusedBeforeAnythingIsWritten() throws IOException {
        TensorToWrite huge = new TensorToWrite("huge", ElementType.F32, List.of(1L << 55), _ -> {
            throw new AssertionError("nothing may be computed");
        });
        assertThatThrownBy(() -> SafetensorsWriter.write(folder, "model", List.of(huge), Long.MAX_VALUE))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE))
                .hasMessageContainingAll(Long.toString(1L << 57), "free", folder.toString());
        assertThat(files()).isEmpty();
    }

    @Test
    void aFolderThatCannotBeMadeIsUnreachable() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> SafetensorsWriter.write(file, "model", List.of(vector("t", ElementType.F32, 1)), 1000))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE));
    }

    @Test
    void tensorsAboveOnePieceAreWrittenWhole() {
        float[] values = new float[(1 << 20) + 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 128;
        }
        SafetensorsWriter.write(folder, "model", List.of(vector("t", ElementType.BF16, values)), Long.MAX_VALUE);
        try (WeightSource source = SafetensorsSource.openFolder(folder)) {
            assertThat(Tensors.read(source, "t")).isEqualTo(values);
        }
    }
}
