package dev.modelfamily.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class MainTest {
    @Test
    void theProgramSaysWhichVersionItIs() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            assertThat(Main.run("--version")).isZero();
        } finally {
            System.setOut(before);
        }

        assertThat(said.toString(StandardCharsets.UTF_8).strip())
                .matches("modelfamily-trainer [0-9]+\\.[0-9]+\\.[0-9]+.*");
    }

    @Test
    void whatTheLibrarySaysAtEachStartIsNotShown() {
        Main.run("--version");

        assertThat(LoggerFactory.getLogger("ai.djl.util.Platform").isInfoEnabled())
                .isFalse();
        assertThat(LoggerFactory.getLogger("ai.djl.util.Platform").isWarnEnabled())
                .isTrue();
        assertThat(LoggerFactory.getLogger("dev.modelfamily.trainer").isInfoEnabled())
                .isTrue();
    }
}
