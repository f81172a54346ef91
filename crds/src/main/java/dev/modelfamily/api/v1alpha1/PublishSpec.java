package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Optional;

/** A place that finished members are published to. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = Uris.PUBLISH_RULE,
        fieldPath = ".uri",
        message = "write hf://OWNER/NAME, s3://BUCKET/PATH or oci://REGISTRY/NAME")
@ValidationRule(
        value = "(has(self.rule) && self.rule == 'BestUnder') == has(self.maxParameters)",
        message = "maxParameters belongs to rule: BestUnder, and to no other")
public record PublishSpec(
        @Required
        @Size(min = 1, max = 40)
        @Pattern(Units.LABEL)
        @JsonPropertyDescription("The name of the target, once in the family. Example: hub")
        String name,

        @Required
        @Size(min = 1, max = Uris.MAX_LENGTH)
        @JsonPropertyDescription(
                "Where to; the member's name is appended to the last part. Schemes: hf://OWNER/NAME, s3://BUCKET/PATH,"
                        + " oci://REGISTRY/NAME. Example: hf://my-team/smollm2 becomes hf://my-team/smollm2-small")
        String uri,

        @JsonPropertyDescription(
                "Which members. All: each when it is finished; BestUnder: the best one of at most maxParameters, when the"
                        + " family is complete. Default: All")
        PublishRule rule,

        @Pattern(Units.COUNT)
        @JsonPropertyDescription("The most parameters of the member for rule BestUnder. Example: 1B. Default: none")
        String maxParameters,

        @JsonPropertyDescription(
                "Whether factors are multiplied out, so that any tool loads the member, at the parent's size."
                        + " Default: false")
        Boolean dense,

        @JsonPropertyDescription(
                "The Secret with the token or key for writing. Default: the identity of the trainer's service account")
        SecretRef credentials) {
    public PublishSpec {
        rule = Defaults.or(rule, PublishRule.All);
        maxParameters = Defaults.text(maxParameters);
        dense = Defaults.or(dense, false);
    }

    public Optional<SecretRef> optionalCredentials() {
        return Optional.ofNullable(credentials);
    }
}
