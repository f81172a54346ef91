package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** What the family will cost, known before a stage starts. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PlanStatus(
        @Size(max = 64) @JsonPropertyDescription("What each member will be and cost, by name")
        List<MemberPlanStatus> members,

        @JsonPropertyDescription("Tokens trained over all members")
        Long tokens,

        @Size(max = 20) @JsonPropertyDescription("Floating point operations of training and evaluation, such as 1.2e18")
        String flops,

        @Size(max = 20)
        @JsonPropertyDescription("Hours on the GPU that the trainer asks for, as an estimate, such as 12.5; empty where"
                + " it is unknown")
        String gpuHours) {
    public PlanStatus {
        members = Defaults.list(members);
        tokens = Defaults.or(tokens, 0L);
        flops = Defaults.text(flops);
        gpuHours = Defaults.text(gpuHours);
    }
}
