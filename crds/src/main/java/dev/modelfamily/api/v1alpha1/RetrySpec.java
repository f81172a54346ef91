package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.time.Duration;

/** How often a stage may fail. Disruptions never count. */
public record RetrySpec(
        @Min(0)
        @Max(100)
        @JsonPropertyDescription(
                "How many failures of one stage are tried again; disruptions, such as a lost node, never count. Default: 3")
        Integer maxFailures,

        @Min(0)
        @Max(100000)
        @JsonPropertyDescription(
                "How often one stage may go on from a checkpoint after a crash or a signal. Default: 100")
        Integer maxResumes,

        @Size(min = 1, max = 28)
        @Pattern(Units.DURATION)
        @JsonPropertyDescription("The wait before the first retry; it doubles with each. Default: 10s")
        String initialBackoff,

        @Size(min = 1, max = 28)
        @Pattern(Units.DURATION)
        @JsonPropertyDescription("The longest wait between two tries. Default: 10m")
        String maxBackoff) {
    /** What applies where the user says nothing of retries. */
    public static final RetrySpec DEFAULT = new RetrySpec(null, null, null, null);

    public RetrySpec {
        maxFailures = Defaults.or(maxFailures, 3);
        maxResumes = Defaults.or(maxResumes, 100);
        initialBackoff = Defaults.or(initialBackoff, "10s");
        maxBackoff = Defaults.or(maxBackoff, "10m");
    }

    /** {@link #initialBackoff} as a duration. */
    public Duration firstWait() {
        return Units.duration(initialBackoff);
    }

    /** {@link #maxBackoff} as a duration. */
    public Duration longestWait() {
        return Units.duration(maxBackoff);
    }
}
