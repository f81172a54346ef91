package dev.modelfamily.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimesTest {
    @ParameterizedTest
    @CsvSource({"0.2, 0s", "59.4, 59s", "59.6, 1m00s", "3599, 59m59s", "3600, 1h00m", "12000, 3h20m", "200000, 2d07h"})
    void aTimeHasItsTwoBiggestUnits(double seconds, String text) {
        assertThat(Times.ofSeconds(seconds)).isEqualTo(text);
    }
}
