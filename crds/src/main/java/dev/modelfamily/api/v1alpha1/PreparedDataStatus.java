package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One data set as it was tokenised. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PreparedDataStatus(
        @Required
        @Size(min = 1, max = 40)
        @JsonPropertyDescription("training, calibration or the name of an evaluation set")
        String name,

        @Size(max = 1024) @JsonPropertyDescription("The folder with its token file, as stages see it")
        String path,

        @Size(max = 80) @JsonPropertyDescription("The content digest, sha256: and 64 hex digits")
        String digest,

        @Size(max = 200) @JsonPropertyDescription("The commit or digest that its source was resolved to")
        String revision,

        @JsonPropertyDescription("How many windows an evaluation reads at most; 0 for all")
        Integer maxWindows,

        @JsonPropertyDescription("Tokens in it") Long tokens,

        @JsonPropertyDescription("Documents in it") Long documents,

        @JsonPropertyDescription("Lines that were empty or could not be read")
        Long badLines) {
    public PreparedDataStatus {
        name = Defaults.text(name);
        path = Defaults.text(path);
        digest = Defaults.text(digest);
        revision = Defaults.text(revision);
        maxWindows = Defaults.or(maxWindows, 0);
        tokens = Defaults.or(tokens, 0L);
        documents = Defaults.or(documents, 0L);
        badLines = Defaults.or(badLines, 0L);
    }
}
