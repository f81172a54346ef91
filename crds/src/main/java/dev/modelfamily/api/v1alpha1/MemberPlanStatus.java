package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** What one member will be and cost. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record MemberPlanStatus(
        @Required @Size(min = 1, max = 40) @JsonPropertyDescription("The member")
        String name,

        @JsonPropertyDescription("Parameters, embeddings included")
        Long parameters,

        @Size(max = 200) @JsonPropertyDescription("The ranks in short, such as 64-448, 40 of 210 matrices dense")
        String ranks,

        @JsonPropertyDescription("Bytes of the weight files")
        Long bytes,

        @JsonPropertyDescription("Tokens it is trained on") Long tokens,

        @Size(max = 20) @JsonPropertyDescription("Floating point operations of training and evaluation, such as 1.2e18")
        String flops,

        @JsonPropertyDescription("The highest memory of the stage on the device, in bytes")
        Long memoryBytes,

        @Size(max = 20)
        @JsonPropertyDescription("Hours on one GPU, as an estimate, such as 4.2; empty where it is unknown")
        String gpuHours,

        @JsonPropertyDescription("Whether a finished member with the same key is taken instead of a new run")
        Boolean reused) {
    public MemberPlanStatus {
        name = Defaults.text(name);
        parameters = Defaults.or(parameters, 0L);
        ranks = Defaults.text(ranks);
        bytes = Defaults.or(bytes, 0L);
        tokens = Defaults.or(tokens, 0L);
        flops = Defaults.text(flops);
        memoryBytes = Defaults.or(memoryBytes, 0L);
        gpuHours = Defaults.text(gpuHours);
        reused = Defaults.or(reused, false);
    }
}
