package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;

/** How far a running stage is. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ProgressStatus(
        @Size(max = 40)
        @JsonPropertyDescription("What the trainer does: load, decompose, evaluate, recover, export, verify")
        String phase,

        @Min(0) @Max(100) @JsonPropertyDescription("How much of the stage is done")
        Integer percent,

        @JsonPropertyDescription("Tokens trained so far") Long tokens,

        @Size(max = 20) @JsonPropertyDescription("Tokens trained in a second, such as 5210")
        String tokensPerSecond,

        @Size(max = 20) @JsonPropertyDescription("The training loss, such as 2.31")
        String loss,

        @JsonPropertyDescription("Seconds until the stage is finished; negative while unknown")
        Long secondsLeft,

        @Size(max = 40) @JsonPropertyDescription("When this was reported, as RFC 3339 writes it")
        String time) {
    public ProgressStatus {
        phase = Defaults.text(phase);
        percent = Defaults.or(percent, 0);
        tokens = Defaults.or(tokens, 0L);
        tokensPerSecond = Defaults.text(tokensPerSecond);
        loss = Defaults.text(loss);
        secondsLeft = Defaults.or(secondsLeft, -1L);
        time = Defaults.text(time);
    }
}
