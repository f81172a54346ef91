package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/** Resources of one member's stage, instead of the trainer's. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record MemberResources(
        @Size(max = 16)
        @JsonPropertyDescription("The most of each resource that the stage may use. Example: nvidia.com/gpu: 1")
        Map<String, Quantity> limits,

        @Size(max = 16) @JsonPropertyDescription("What is reserved of each resource. Default: the limits")
        Map<String, Quantity> requests) {
    public MemberResources {
        limits = Defaults.map(limits);
        requests = Defaults.map(requests);
    }
}
