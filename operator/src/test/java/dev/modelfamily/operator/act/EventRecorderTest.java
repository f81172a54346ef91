package dev.modelfamily.operator.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.lifecycle.Action.EmitEvent;
import dev.modelfamily.lifecycle.Action.Severity;
import dev.modelfamily.operator.Families;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventRecorderTest {
    private static final Instant NOW = Instant.parse("2026-01-01T02:00:00.123Z");

    private final EmitEvent failed = new EmitEvent(Severity.Warning, "small", "StageFailed", "out of data");

    @Test
    void anEventIsAboutTheFamilyAndNamesTheMember() {
        Event event = EventRecorder.build(Families.least(), failed, "pod-1", NOW);

        assertThat(event.getInvolvedObject().getKind()).isEqualTo("ModelFamily");
        assertThat(event.getInvolvedObject().getName()).isEqualTo("tiny");
        assertThat(event.getInvolvedObject().getUid()).isEqualTo("11111111-2222-3333-4444-555555555555");
        assertThat(event.getType()).isEqualTo("Warning");
        assertThat(event.getReason()).isEqualTo("StageFailed");
        assertThat(event.getMessage()).isEqualTo("member small: out of data");
        assertThat(event.getLastTimestamp()).isEqualTo("2026-01-01T02:00:00Z");
    }

    @Test
    void theSameTransitionHasTheSameNameAndALaterOneAnother() {
        ModelFamily later = Families.least();
        later.getMetadata().setResourceVersion("8");

        String name = name(Families.least(), failed);

        assertThat(name(Families.least(), failed)).isEqualTo(name);
        assertThat(name(later, failed)).isNotEqualTo(name);
        assertThat(name(Families.least(), new EmitEvent(Severity.Warning, "large", "StageFailed", "out of data")))
                .isNotEqualTo(name);
    }

    @Test
    void aLongSentenceIsCut() {
        EmitEvent longWinded = new EmitEvent(Severity.Normal, "", "Planned", "x".repeat(5000));

        assertThat(EventRecorder.build(Families.least(), longWinded, "pod-1", NOW)
                        .getMessage())
                .hasSize(1024)
                .endsWith("…");
    }

    private static String name(ModelFamily family, EmitEvent event) {
        return EventRecorder.build(family, event, "pod-1", NOW).getMetadata().getName();
    }
}
