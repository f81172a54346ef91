package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.time.Duration;

/** What is kept, and how long. Members are always kept while the family exists. */
public record RetentionSpec(
        @Size(min = 1, max = 28)
        @Pattern(Units.DURATION)
        @JsonPropertyDescription("How long the Job of a finished stage is kept, for its logs. Default: 24h")
        String jobs,

        @Size(min = 1, max = 28)
        @Pattern(Units.DURATION)
        @JsonPropertyDescription("How long the checkpoints of a finished stage are kept. Default: 24h")
        String checkpoints,

        @JsonPropertyDescription(
                "What happens to the members when the family is deleted: Retain or Delete. Default: Retain")
        OnDelete onDelete) {
    /** What applies where the user says nothing of retention. */
    public static final RetentionSpec DEFAULT = new RetentionSpec(null, null, null);

    public RetentionSpec {
        jobs = Defaults.or(jobs, "24h");
        checkpoints = Defaults.or(checkpoints, "24h");
        onDelete = Defaults.or(onDelete, OnDelete.Retain);
    }

    /** {@link #jobs} as a duration. */
    public Duration jobsKept() {
        return Units.duration(jobs);
    }

    /** {@link #checkpoints} as a duration. */
    public Duration checkpointsKept() {
        return Units.duration(checkpoints);
    }
}
