package dev.modelfamily.trainer.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("torch")
class ScriptTest {
    @Test
    void theScriptsPassTheTypeChecksOfLibtorch() {
        assertThat(Script.load(
                        "memory.torchscript",
                        "staging.torchscript",
                        "model.torchscript",
                        "recover.torchscript",
                        "calibrate.torchscript",
                        "decompose.torchscript"))
                .isNotNull();
    }

    @Test
    void aTensorsMemoryIsSharedWithTorch() {
        Script script = Script.load("memory.torchscript");
        try (Tensor zeros = script.tensor("zeros", Arguments.of().integers(2, 3).device())) {
            zeros.fill(memory -> memory.setAtIndex(ValueLayout.JAVA_FLOAT, 4, 7f));
            assertThat(zeros.toFloats()).containsExactly(0, 0, 0, 0, 7, 0);
            assertThat(zeros.shape()).containsExactly(2, 3);
        }
    }
}
