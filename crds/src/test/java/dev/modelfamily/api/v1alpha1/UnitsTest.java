package dev.modelfamily.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0,0",
        "65536,65536",
        "64k,64000",
        "250M,250000000",
        "1.2B,1200000000",
        "1.2G,1200000000",
        "1T,1000000000000",
        "0.0001k,0"
    })
    void aCountHasAnOptionalSuffix(String text, long count) {
        assertThat(Units.count(text)).isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.5", "-1", "250 M", "250MM", "1e6", "M"})
    void whatIsNoCountIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> Units.count(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not a count such as 65536, 250M or 1.2B");
    }

    @ParameterizedTest
    @CsvSource({"80%,107612006", "84.17%,113221282", "100M,100000000", "1,1"})
    void aSizeIsAShareOfTheParentOrACount(String text, long parameters) {
        assertThat(Units.size(text, 134_515_008L)).isEqualTo(parameters);
    }

    @ParameterizedTest
    @CsvSource({"90s,PT90S", "1h30m,PT1H30M", "7d,P7D", "0s,PT0S"})
    void aDurationIsASumOfUnits(String text, Duration duration) {
        assertThat(Units.duration(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({"1%,0.01", "84.5%,0.845", "100%,1"})
    void aShareIsAFractionOfOne(String text, double share) {
        assertThat(Units.share(text)).isEqualTo(share);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "0.01,0.01", "3e-4,0.0003"})
    void aDecimalMayHaveAnExponent(String text, double number) {
        assertThat(Units.decimal(text)).isEqualTo(number);
    }
}
