package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.Map;

/** A strategic merge patch on the stage's pod template, owned by one manager. */
public record PodPatch(
        @Required
        @Size(min = 1, max = 63)
        @Pattern("^[-._a-zA-Z0-9]+$")
        @JsonPropertyDescription(
                "Who owns this patch, so that several people or tools can each have one. Example: team-a")
        String manager,

        @Required
        @PreserveUnknownFields
        @JsonPropertyDescription("The patch: what a pod template looks like, with only the fields to change."
                + " Example: {spec: {dnsPolicy: Default}}")
        Map<String, Object> patch) {
    public PodPatch {
        manager = Defaults.text(manager);
        patch = Defaults.map(patch);
    }
}
