package dev.modelfamily.trainer.weights.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.weights.OpenModel;
import dev.modelfamily.trainer.weights.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** However a file is damaged, reading it ends with a model or with a clear error. */
class GgufPropertiesTest {
    private static final byte[] VALID = GgufBuilder.llama().bytes();
    private static Path folder;

    @BeforeContainer
    static void make() throws IOException {
        folder = Files.createTempDirectory("gguf");
    }

    @AfterContainer
    static void delete() throws IOException {
        Files.deleteIfExists(folder.resolve("damaged.gguf"));
        Files.delete(folder);
    }

    @Property(tries = 300)
    void aChangedByteGivesAModelOrBadData(@ForAll @IntRange(max = 100_000) int place, @ForAll byte value)
            throws IOException {
        byte[] damaged = VALID.clone();
        damaged[place % damaged.length] = value;
        readsOrSaysWhy(damaged);
    }

    @Property(tries = 100)
    void aCutFileGivesBadData(@ForAll @IntRange(max = 100_000) int length) throws IOException {
        assertThat(readsOrSaysWhy(Arrays.copyOf(VALID, length % VALID.length))).isFalse();
    }

    private static boolean readsOrSaysWhy(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("damaged.gguf"), content);
        try (OpenModel model = Gguf.open(file)) {
            model.weights().tensors().keySet().forEach(name -> Tensors.read(model.weights(), name));
            return true;
        } catch (StageException e) {
            assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA);
            assertThat(e).hasMessageContaining("damaged.gguf");
            return false;
        }
    }
}
