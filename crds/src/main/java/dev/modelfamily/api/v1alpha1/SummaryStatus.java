package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;

/** The family in a few words, for the columns of {@code kubectl get}; empty while unknown. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SummaryStatus(
        @Size(max = 20) @JsonPropertyDescription("Finished members of all, such as 2/3")
        String members,

        @Size(max = 20) @JsonPropertyDescription("How much of the family's tokens are trained, such as 63%")
        String progress,

        @Size(max = 20) @JsonPropertyDescription("The time left as far as it can be told, such as 3h20m")
        String eta,

        @Size(max = 40)
        @JsonPropertyDescription(
                "Perplexity of the smallest finished member, or of the one that a search has found, on the first evaluation set")
        String perplexity,

        @Size(max = 20) @JsonPropertyDescription("GPU-hours spent so far, such as 12.5")
        String gpuHours) {
    /** Nothing to say yet. */
    public static final SummaryStatus NOTHING = new SummaryStatus(null, null, null, null, null);

    public SummaryStatus {
        members = Defaults.text(members);
        progress = Defaults.text(progress);
        eta = Defaults.text(eta);
        perplexity = Defaults.text(perplexity);
        gpuHours = Defaults.text(gpuHours);
    }
}
