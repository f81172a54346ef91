package dev.modelfamily.trainer.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {
    @TempDir
    private Path folder;

    @Test
    void aStageThatDoesNotFitIsRefusedWithWhatItNeedsAndWhatIsFree() {
        long parameters = 1L << 50;
        // A member of 4 bytes a parameter, and three checkpoints of 12.
        long needed = 40 * parameters + 1000 + (1 << 20);

        assertThatThrownBy(() -> DiskSpace.check(folder, folder, parameters, 1000, true))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE))
                .hasMessageContaining("the stage needs " + needed + " for the member and its checkpoints")
                .hasMessageContaining("bytes free");
    }

    @Test
    void aCutWithoutRecoveryNeedsNoCheckpoints() {
        long parameters = folder.toFile().getUsableSpace() / 10;

        assertThatThrownBy(() -> DiskSpace.check(folder, folder, parameters, 0, true))
                .isInstanceOf(StageException.class);
        assertThatCode(() -> DiskSpace.check(folder, folder, parameters, 0, false))
                .doesNotThrowAnyException();
    }
}
