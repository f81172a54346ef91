package dev.modelfamily.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EvaluationSetsTest {
    private static LongStream measured(long steps) {
        return LongStream.rangeClosed(0, steps).filter(step -> EvaluationSets.isMeasured(step, steps));
    }

    @Test
    void theStartTheEndAndFourStepsBetweenThemAreMeasured() {
        assertThat(measured(100)).containsExactly(0L, 20L, 40L, 60L, 80L, 100L);
        assertThat(measured(7)).containsExactly(0L, 2L, 3L, 5L, 6L, 7L);
    }

    @Test
    void eachStepOfAShortRunIsMeasuredOnce() {
        assertThat(measured(3)).containsExactly(0L, 1L, 2L, 3L);
        assertThat(measured(1)).containsExactly(0L, 1L);
    }
}
