package dev.modelfamily.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.lifecycle.Action.EmitEvent;
import dev.modelfamily.lifecycle.Action.Severity;
import org.junit.jupiter.api.Test;

class EventLineTest {
    @Test
    void anEventIsALineWithShortDigests() {
        String key = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

        assertThat(EventLine.of(new EmitEvent(Severity.Normal, "large", "StageFinished", key)))
                .isEqualTo("large: stage finished: 0123456789ab");
    }

    @Test
    void aWarningIsCalledOne() {
        assertThat(EventLine.of(new EmitEvent(Severity.Warning, "", "Stalled", "members[0].size: too big")))
                .isEqualTo("warning: stalled: members[0].size: too big");
    }
}
