package dev.modelfamily.trainer.recover;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineLogTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsBehindAMarkIsDropped() throws Exception {
        Path file = folder.resolve("log.jsonl");
        LineLog.Mark mark;
        try (LineLog log = new LineLog(file)) {
            log.add(Map.of("step", 1));
            mark = log.mark();
            log.add(Map.of("step", 2));
        }
        try (LineLog log = new LineLog(file)) {
            assertThat(log.has(mark)).isTrue();
            log.returnTo(mark);
            log.add(Map.of("step", 3));
        }
        assertThat(file).content().isEqualTo("{\"step\":1}\n{\"step\":3}\n");
    }

    @Test
    void aLogThatLostOrChangedBytesDoesNotHaveItsMark() throws Exception {
        Path file = folder.resolve("log.jsonl");
        LineLog.Mark mark;
        try (LineLog log = new LineLog(file)) {
            log.add(Map.of("step", 1));
            mark = log.mark();
        }
        Files.writeString(file, "{\"step\":2}\n");
        try (LineLog changed = new LineLog(file)) {
            assertThat(changed.has(mark)).isFalse();
        }
        Files.writeString(file, "{\"step\"");
        try (LineLog shorter = new LineLog(file)) {
            assertThat(shorter.has(mark)).isFalse();
            assertThat(shorter.has(LineLog.Mark.START)).isTrue();
        }
    }
}
