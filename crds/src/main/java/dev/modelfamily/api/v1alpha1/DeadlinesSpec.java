package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.time.Duration;
import java.util.Optional;

/** The longest a pod may wait, a stage may run, a family may take; empty for no limit. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record DeadlinesSpec(
        @Size(max = 28)
        @Pattern(Units.DURATION)
        @JsonPropertyDescription(
                "How long the pod of a stage may wait before it starts. Example: 2h. Default: no limit")
        String pending,

        @Size(max = 28)
        @Pattern(Units.DURATION)
        @JsonPropertyDescription("How long one stage may run, its attempts together. Example: 12h. Default: no limit")
        String stage,

        @Size(max = 28)
        @Pattern(Units.DURATION)
        @JsonPropertyDescription("How long the whole family may take. Example: 7d. Default: no limit")
        String family) {
    /** No limit at all. */
    public static final DeadlinesSpec DEFAULT = new DeadlinesSpec(null, null, null);

    public DeadlinesSpec {
        pending = Defaults.text(pending);
        stage = Defaults.text(stage);
        family = Defaults.text(family);
    }

    public Optional<Duration> pendingLimit() {
        return limit(pending);
    }

    public Optional<Duration> stageLimit() {
        return limit(stage);
    }

    public Optional<Duration> familyLimit() {
        return limit(family);
    }

    private static Optional<Duration> limit(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(Units.duration(text));
    }
}
