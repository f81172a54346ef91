package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.Optional;

/** A bucket, or a prefix in one. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record S3Storage(
        @Required
        @Size(min = 3, max = 63)
        @Pattern("^[a-z0-9][-.a-z0-9]*[a-z0-9]$")
        @JsonPropertyDescription("The bucket. Example: model-families")
        String bucket,

        @Size(max = 512)
        @JsonPropertyDescription("The prefix of all keys in the bucket. Example: team-a/. Default: none")
        String prefix,

        @Size(max = 512)
        @Pattern("^https?://[^ ]+$")
        @JsonPropertyDescription(
                "The server, where it is not Amazon's. Example: https://minio.storage:9000. Default: Amazon S3")
        String endpoint,

        @Size(max = 63) @JsonPropertyDescription("The region of the bucket. Default: that of the environment")
        String region,

        @JsonPropertyDescription(
                "The Secret with the access key. Default: the identity of the trainer's service account")
        SecretRef credentials) {
    public S3Storage {
        prefix = Defaults.text(prefix);
        endpoint = Defaults.text(endpoint);
        region = Defaults.text(region);
    }

    public Optional<SecretRef> optionalCredentials() {
        return Optional.ofNullable(credentials);
    }
}
