package dev.modelfamily.trainer.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.api.v1alpha1.Precision;
import dev.modelfamily.contract.Places;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.trainer.recover.StopSignal;
import dev.modelfamily.trainer.torch.Torch;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("torch")
class PrecisionsTest {
    private static final long TOKENS = 512;

    @TempDir
    private Path folder;

    @Test
    void whatIsAskedForIsTaken() {
        assertThat(Precisions.isBFloat16(Precision.Float32)).isFalse();
        assertThat(Precisions.isBFloat16(Precision.BFloat16)).isTrue();
    }

    @Test
    void theProcessorDecidesAndNotAMeasurementThatNoiseCanTurn() {
        String vectors = "flags\t\t: fpu avx512f avx512_bf16 amx_tile";
        String units = vectors + " amx_bf16 amx_int8";
        assertThat(Precisions.hasMatrixUnits(List.of("processor\t: 0", units, "", "processor\t: 1", units)))
                .isTrue();
        assertThat(Precisions.hasMatrixUnits(List.of(units, vectors))).isFalse();
        assertThat(Precisions.hasMatrixUnits(List.of("processor\t: 0", "Features\t: fp asimd bf16")))
                .isFalse();
        assertThat(Precisions.hasMatrixUnits(List.of())).isFalse();
    }

    @Test
    void whatWasChosenAtTheStartIsNotChosenAgain() {
        Torch.setThreads(1);
        TinyFamily family = new TinyFamily(folder);
        StageOrder half = Stages.with(family.order("half"), Stages.recovery(TOKENS, Precision.BFloat16));
        StopSignal stop = new StopSignal();
        assertThatThrownBy(() -> Stages.run(half, stop, line -> {
                    if (line.contains("\"phase\":\"recover\"")) {
                        stop.ask();
                    }
                }))
                .isInstanceOf(StageException.class);

        // As if the first attempt had run on a processor with matrix units.
        StageOrder resumed = Stages.with(half, Stages.recovery(TOKENS, Precision.Auto));
        Stages.run(resumed);

        Path undisturbed = folder.resolve("undisturbed");
        Stages.run(Stages.with(
                half,
                new Places(
                        undisturbed.toString(),
                        folder.resolve("undisturbed-checkpoints").toString())));
        assertThat(family.output("half", 1).resolve("model.safetensors"))
                .hasSameBinaryContentAs(undisturbed.resolve("model.safetensors"));
    }
}
