package dev.modelfamily.contract;

/**
 * One line of progress. Losing one is harmless.
 *
 * @param version of the contract, {@link StageOrder#VERSION}
 * @param phase what the trainer does: load, decompose, evaluate, recover, export, verify, fetch, tokenise
 * @param done of {@code total}, in the unit of the phase: tokens when recovering and evaluating, matrices when decomposing,
 *     bytes of the files when fetching, verifying and tokenising
 * @param secondsLeft of the phase; negative while unknown
 */
public record Progress(
        int version,
        String key,
        String member,
        int attempt,
        String phase,
        long done,
        long total,
        double tokensPerSecond,
        double loss,
        double learningRate,
        double gradientNorm,
        double secondsLeft) {}
