package dev.modelfamily.trainer.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.trainer.Main;
import dev.modelfamily.trainer.stage.TinyFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the trainer does besides stages, by the way of tensors that lie elsewhere: the same bytes. */
@Tag("torch")
class StagedCommandsTest {
    @TempDir
    private Path folder;

    private Path member;

    @BeforeEach
    void makeMember() {
        Torch.setThreads(1);
        member = new TinyFamily(folder).makeMember("large");
    }

    @AfterEach
    void stopStaging() {
        Torch.computeOn(Device.PROCESSOR);
    }

    private Path run(Device device, String command, String... arguments) {
        Torch.computeOn(device);
        Path out = folder.resolve(command + "-on-" + device.name());
        String[] words = new String[arguments.length + 4];
        System.arraycopy(arguments, 0, words, 4, arguments.length);
        words[0] = command;
        words[1] = member.toString();
        words[2] = "--out";
        words[3] = out.toString();
        assertThat(Main.run(words)).isZero();
        return out;
    }

    @Test
    void aStockCheckpointIsTheSame() {
        Path expected = run(Device.PROCESSOR, "export", "--dense", "--dtype", "bfloat16");
        Path found = run(Device.STAGED_PROCESSOR, "export", "--dense", "--dtype", "bfloat16");

        assertThat(found.resolve("model.safetensors")).hasSameBinaryContentAs(expected.resolve("model.safetensors"));
    }

    @Test
    void logitsAreTheSame() throws Exception {
        Path ids = Files.writeString(folder.resolve("ids.json"), "[[1, 2, 3, 4], [5, 6]]");

        Path expected = run(Device.PROCESSOR, "logits", "--ids", ids.toString());

        assertThat(run(Device.STAGED_PROCESSOR, "logits", "--ids", ids.toString()))
                .hasSameBinaryContentAs(expected);
    }
}
