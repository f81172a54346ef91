package dev.modelfamily.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelfamily.cli.report.LossCurve.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LossCurveTest {
    @Test
    void aShortLogKeepsEveryStep() {
        LossCurve curve = LossCurve.of(steps(LossCurve.MOST_POINTS));

        assertThat(curve.steps()).isEqualTo(LossCurve.MOST_POINTS);
        assertThat(curve.tokens()).hasSize(LossCurve.MOST_POINTS).doesNotHaveDuplicates();
    }

    @Test
    void aLongLogKeepsItsEndsAndEveryExtreme() {
        List<Step> steps = steps(100_000);
        steps.set(51_234, new Step(51_235, 99, 1e-4, 1));
        steps.set(70_001, new Step(70_002, 0.25, 1e-4, 1));
        steps.set(12_345, new Step(12_346, 3, 1e-4, 77));

        LossCurve curve = LossCurve.of(steps);

        assertThat(curve.steps()).isEqualTo(100_000);
        assertThat(curve.tokens())
                .hasSizeBetween(500, LossCurve.MOST_POINTS)
                .isSorted()
                .contains(1L, 51_235L, 70_002L, 12_346L, 100_000L);
        assertThat(curve.loss()).contains(99.0, 0.25).hasSameSizeAs(curve.tokens());
        assertThat(curve.gradientNorm()).contains(77.0);
    }

    @Test
    void theSameLogGivesTheSameCurve() {
        assertThat(LossCurve.of(steps(5_000))).isEqualTo(LossCurve.of(steps(5_000)));
    }

    @Test
    void theSmoothLineIsTheMeanOfTheStepsAroundAPoint() {
        List<Step> steps = IntStream.range(0, 700)
                .mapToObj(index -> new Step(index, index % 2 == 0 ? 2 : 4, 1e-4, 1))
                .toList();

        LossCurve curve = LossCurve.of(steps);

        assertThat(curve.window()).isEqualTo(15);
        assertThat(curve.smooth().get(100)).isCloseTo((2 * 7 + 4 * 8) / 15.0, within(1e-4));
        assertThat(curve.smooth().getFirst()).isEqualTo(2);
    }

    @Test
    void aLogOfFewStepsIsSmoothedOverMoreOfThem() {
        assertThat(LossCurve.of(steps(60)).window()).isEqualTo(9);
        assertThat(LossCurve.of(steps(20)).window()).isEqualTo(5);
        assertThat(LossCurve.of(steps(5)).window()).isEqualTo(1);
    }

    @Test
    void aLossThatIsNoNumberStaysInTheCurveAndOutOfTheMean() {
        List<Step> steps = steps(3_000);
        steps.set(1_500, new Step(1_501, Double.NaN, 1e-4, Double.POSITIVE_INFINITY));

        LossCurve curve = LossCurve.of(steps);

        assertThat(curve.smooth()).allMatch(Double::isFinite);
        assertThat(curve.loss()).anyMatch(loss -> loss.isNaN());
    }

    @Test
    void anEmptyLogIsNoCurve() {
        assertThat(LossCurve.of(List.of()).tokens()).isEmpty();
    }

    private static List<Step> steps(int count) {
        List<Step> steps = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            steps.add(new Step(index + 1, 3 + Math.sin(index), 1e-4, 1));
        }
        return steps;
    }
}
