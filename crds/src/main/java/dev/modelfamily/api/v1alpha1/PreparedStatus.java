package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** What the preparation found, kept so that later stages need not prepare again when its Job is gone. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PreparedStatus(
        @Size(max = 80) @JsonPropertyDescription("The digest of everything that shapes the preparation")
        String key,

        @Size(max = 1024) @JsonPropertyDescription("The folder or file of the prepared parent, as stages see it")
        String path,

        @Size(max = 80)
        @JsonPropertyDescription(
                "The content digest of the parent, sha256: and 64 hex digits; empty while only headers" + " were read")
        String digest,

        @Size(max = 200) @JsonPropertyDescription("The commit that the parent's revision was resolved to")
        String revision,

        @JsonPropertyDescription("Parameters of the parent, tied weights counted once")
        Long parameters,

        @Size(max = 16384)
        @JsonPropertyDescription("What the plan needs of the parent's config.json, as one line of JSON")
        String config,

        @Size(max = 32) @JsonPropertyDescription("Each data set as it was tokenised, by name")
        List<PreparedDataStatus> data) {
    public PreparedStatus {
        key = Defaults.text(key);
        path = Defaults.text(path);
        digest = Defaults.text(digest);
        revision = Defaults.text(revision);
        parameters = Defaults.or(parameters, 0L);
        config = Defaults.text(config);
        data = Defaults.list(data);
    }
}
