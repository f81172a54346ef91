package dev.modelfamily.trainer.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** However a file is damaged, reading it ends with its tensors or with a clear error. */
class SafetensorsPropertiesTest {
    private static Path folder;
    private static byte[] valid;

    @BeforeContainer
    static void writeAValidFile() throws IOException {
        folder = Files.createTempDirectory("safetensors");
        List<TensorToWrite> tensors = List.of(
                Tensors.matrix("a", ElementType.F32, 2, 1, 2, 3, 4),
                Tensors.vector("b", ElementType.BF16, 5, 6, 7),
                Tensors.vector("c", ElementType.F16, 8));
        SafetensorsWriter.writeFile(folder.resolve("valid"), tensors);
        valid = Files.readAllBytes(folder.resolve("valid"));
    }

    @AfterContainer
    static void delete() throws IOException {
        Files.delete(folder.resolve("valid"));
        Files.deleteIfExists(folder.resolve("damaged"));
        Files.delete(folder);
    }

    @Property(tries = 300)
    void aChangedByteGivesTensorsOrBadData(@ForAll @IntRange(max = 10_000) int place, @ForAll byte value)
            throws IOException {
        byte[] damaged = valid.clone();
        damaged[place % damaged.length] = value;
        readsOrSaysWhy(damaged);
    }

    @Property(tries = 100)
    void aChangedBitAmongTheFirstGivesTensorsOrBadData(@ForAll @IntRange(max = 300) int bit) throws IOException {
        byte[] damaged = valid.clone();
        damaged[bit / 8] ^= (byte) (1 << bit % 8);
        readsOrSaysWhy(damaged);
    }

    @Property(tries = 100)
    void aCutFileGivesBadData(@ForAll @IntRange(max = 10_000) int length) throws IOException {
        assertThat(readsOrSaysWhy(Arrays.copyOf(valid, length % valid.length))).isFalse();
    }

    private static boolean readsOrSaysWhy(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("damaged"), content);
        try (WeightSource source = SafetensorsSource.openFile(file)) {
            source.tensors().keySet().forEach(name -> Tensors.read(source, name));
            return true;
        } catch (StageException e) {
            assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA);
            assertThat(e).hasMessageContaining(file.toString());
            return false;
        }
    }
}
