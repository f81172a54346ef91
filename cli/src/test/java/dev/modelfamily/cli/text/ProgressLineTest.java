package dev.modelfamily.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.contract.Progress;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    @Test
    void recoveryHasTokensRateLossAndTheTimeLeft() {
        assertThat(line("recover", 92_160, 204_800, 4512.3, 3.21, 25))
                .hasToString("recover 45%, 92.16k of 204.8k tokens, 4512 tokens/s, loss 3.210, 25s left");
    }

    @Test
    void aCutCountsMatrices() {
        assertThat(line("decompose", 7, 14, 2.1, 0, 3)).hasToString("decompose 50%, 7 of 14 matrices, 3s left");
    }

    @Test
    void aPhaseOfUnknownLengthHasNoFigures() {
        assertThat(line("export", 0, 0, 0, 0, -1)).hasToString("export 0%");
    }

    private static ProgressLine line(
            String phase, long done, long total, double tokensPerSecond, double loss, double secondsLeft) {
        return new ProgressLine(new Progress(
                1, "sha256:0", "large", 1, phase, done, total, tokensPerSecond, loss, 1e-3, 0.5, secondsLeft));
    }
}
