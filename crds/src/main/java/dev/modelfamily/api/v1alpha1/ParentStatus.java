package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.Map;

/** The parent as it was resolved. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ParentStatus(
        @Size(max = 512) @JsonPropertyDescription("The URI as the spec had it when it was resolved")
        String uri,

        @Size(max = 200) @JsonPropertyDescription("The commit that the revision stands for")
        String revision,

        @Size(max = 80)
        @JsonPropertyDescription("The content digest, sha256: and 64 hex digits; empty while only headers were read")
        String digest,

        @Size(max = 80) @JsonPropertyDescription("The model type, such as llama")
        String architecture,

        @JsonPropertyDescription("Parameters, embeddings included, tied weights counted once")
        Long parameters,

        @Size(max = 16) @JsonPropertyDescription("Perplexity by the name of the evaluation set")
        Map<String, String> perplexity) {
    public ParentStatus {
        uri = Defaults.text(uri);
        revision = Defaults.text(revision);
        digest = Defaults.text(digest);
        architecture = Defaults.text(architecture);
        parameters = Defaults.or(parameters, 0L);
        perplexity = Defaults.map(perplexity);
    }
}
