package dev.modelfamily.contract;

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
        double seconds) {}
