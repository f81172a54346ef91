package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** Sums over the family. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TotalsStatus(
        @JsonPropertyDescription("Seconds on GPUs, their number times the time, failed attempts included")
        Long gpuSeconds,

        @JsonPropertyDescription("Tokens trained, failed attempts included")
        Long tokens) {
    /** Nothing spent. */
    public static final TotalsStatus ZERO = new TotalsStatus(null, null);

    public TotalsStatus {
        gpuSeconds = Defaults.or(gpuSeconds, 0L);
        tokens = Defaults.or(tokens, 0L);
    }
}
