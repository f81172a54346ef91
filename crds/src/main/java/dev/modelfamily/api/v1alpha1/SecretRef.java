package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A key of a Secret in the family's namespace; never the value itself. On a laptop: a file of that name. */
public record SecretRef(
        @Required
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$")
        @JsonPropertyDescription("The name of a Secret in the family's namespace. Example: hub-token")
        String name,

        @Size(min = 1, max = 253)
        @Pattern("^[-._a-zA-Z0-9]+$")
        @JsonPropertyDescription("The key of the Secret that holds the token. Default: token")
        String key) {
    public SecretRef {
        key = Defaults.or(key, "token");
    }
}
