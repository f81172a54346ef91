package dev.modelfamily.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.contract.Progress;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressBoardTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ResourceID FAMILY = new ResourceID("tiny", "models");

    private final ProgressBoard board = new ProgressBoard();
    private final List<Event> passes = new ArrayList<>();

    @Test
    void theLastReportOfAJobIsKept() {
        board.put(FAMILY, "job", progress(1), NOW);
        board.put(FAMILY, "job", progress(2), NOW.plusSeconds(5));

        assertThat(board.of("job")).hasValueSatisfying(report -> {
            assertThat(report.progress().done()).isEqualTo(2);
            assertThat(report.at()).isEqualTo(NOW.plusSeconds(5));
        });
        assertThat(board.of("another")).isEmpty();
    }

    @Test
    void reportsEveryFiveSecondsStartAPassEveryThirty() {
        EventSource<?, ?> events = board.events();
        events.setEventHandler(passes::add);
        events.start();

        for (int second = 0; second <= 60; second += 5) {
            board.put(FAMILY, "job", progress(second), NOW.plusSeconds(second));
        }

        assertThat(passes)
                .hasSize(3)
                .allMatch(pass -> pass.getRelatedCustomResourceID().equals(FAMILY));
    }

    private static Progress progress(long done) {
        return new Progress(1, "k", "large", 1, "recover", done, 100, 1, 1, 1, 1, 1);
    }
}
