package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.Map;

/** What a finished stage made. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ResultStatus(
        @Size(max = 1024)
        @JsonPropertyDescription("Where the member is: pvc://CLAIM/PATH on a cluster, a folder on one machine")
        String uri,

        @Size(max = 80) @JsonPropertyDescription("The digest of the member's manifest, sha256: and 64 hex digits")
        String digest,

        @JsonPropertyDescription("Parameters, embeddings included")
        Long parameters,

        @JsonPropertyDescription("Bytes of the weight files")
        Long bytes,

        @Size(max = 16)
        @JsonPropertyDescription("Perplexity after the cut and before training, by the name of the evaluation set")
        Map<String, String> perplexityBefore,

        @Size(max = 16) @JsonPropertyDescription("Perplexity of the finished member, by the name of the evaluation set")
        Map<String, String> perplexity,

        @Size(max = 20)
        @JsonPropertyDescription("Mean Kullback-Leibler divergence of the parent from the member per token, in nats")
        String klToParent,

        @Size(max = 200) @JsonPropertyDescription("The ranks in short, such as 64-448, 40 of 210 matrices dense")
        String ranks,

        @JsonPropertyDescription("Tokens it was trained on") Long tokens,

        @JsonPropertyDescription("Seconds on GPUs, their number times the time, all attempts together")
        Long gpuSeconds) {
    public ResultStatus {
        uri = Defaults.text(uri);
        digest = Defaults.text(digest);
        parameters = Defaults.or(parameters, 0L);
        bytes = Defaults.or(bytes, 0L);
        perplexityBefore = Defaults.map(perplexityBefore);
        perplexity = Defaults.map(perplexity);
        klToParent = Defaults.text(klToParent);
        ranks = Defaults.text(ranks);
        tokens = Defaults.or(tokens, 0L);
        gpuSeconds = Defaults.or(gpuSeconds, 0L);
    }
}
