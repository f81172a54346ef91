package dev.modelfamily.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.SortedMap;

/**
 * What a finished stage reports; also in the pod's termination message, so it stays small.
 *
 * @param version of the contract, {@link StageOrder#VERSION}
 * @param digest of the member: that of its manifest
 * @param bytes of the weight files
 * @param perplexityBefore by evaluation set, after the cut and before recovery
 * @param perplexity by evaluation set, after recovery
 * @param perplexityOfInput by evaluation set, of the input member, where it was measured
 * @param seconds of the attempts of this stage together, by the wall clock
 * @param ranks in short, such as {@code 64-448, 40 of 210 matrices dense}; empty in a result of an older trainer
 */
public record StageResult(
        int version,
        String key,
        String member,
        String digest,
        String path,
        long parameters,
        long bytes,
        SortedMap<String, Double> perplexityBefore,
        SortedMap<String, Double> perplexity,
        SortedMap<String, Double> perplexityOfInput,
        long tokens,
        double seconds,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String ranks) {
    public StageResult {
        ranks = ranks == null ? "" : ranks;
    }

    /** The same, found elsewhere. */
    public StageResult at(String other) {
        return new StageResult(
                version,
                key,
                member,
                digest,
                other,
                parameters,
                bytes,
                perplexityBefore,
                perplexity,
                perplexityOfInput,
                tokens,
                seconds,
                ranks);
    }
}
