package dev.modelfamily.trainer.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.util.Map;
import java.util.OptionalInt;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {
    private static final OptionalInt FOR_PROCESSORS = OptionalInt.empty();

    private static Device device(String asked, OptionalInt gpus) {
        return Device.of(Map.of(Device.VARIABLE, asked), () -> gpus);
    }

    private static AbstractThrowableAssert<?, ?> refused(String asked, OptionalInt gpus, ExitCode code) {
        return assertThatThrownBy(() -> device(asked, gpus))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(code));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "auto"})
    void whoAsksForNothingGetsAGpuWhereThereIsOne(String asked) {
        assertThat(device(asked, OptionalInt.of(8))).isEqualTo(Device.GPU);
        assertThat(device(asked, OptionalInt.of(0))).isEqualTo(Device.PROCESSOR);
        assertThat(device(asked, FOR_PROCESSORS)).isEqualTo(Device.PROCESSOR);
        assertThat(Device.of(Map.of(), () -> OptionalInt.of(1))).isEqualTo(Device.GPU);
    }

    @Test
    void whoAsksForAProcessorLooksAtNoGpu() {
        assertThat(Device.of(Map.of(Device.VARIABLE, "cpu"), () -> {
                    throw new AssertionError("nobody may look");
                }))
                .isEqualTo(Device.PROCESSOR);
    }

    @Test
    void whoAsksForAGpuGetsNothingElse() {
        assertThat(device("gpu", OptionalInt.of(1))).isEqualTo(Device.GPU);
        refused("gpu", OptionalInt.of(0), ExitCode.TRY_LATER)
                .hasMessageContainingAll("none is visible", "driver", "device plugin");
        refused("gpu", FOR_PROCESSORS, ExitCode.BAD_ORDER)
                .hasMessageContainingAll("libtorch for processors only", "-gpu");
    }

    @Test
    void anUnknownWordIsRefused() {
        refused("cuda:1", OptionalInt.of(2), ExitCode.BAD_ORDER)
                .hasMessage("MODELFAMILY_DEVICE is 'cuda:1'; give auto, cpu or gpu, or leave it out");
    }
}
