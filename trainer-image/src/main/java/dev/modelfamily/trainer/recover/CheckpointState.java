package dev.modelfamily.trainer.recover;

import java.util.SortedMap;

/**
 * What a checkpoint holds beside tensors.
 *
 * @param key of the stage
 * @param step optimizer steps done
 * @param position sequences of the data handed out
 * @param lossBytes the length of {@code loss.jsonl} at this step: what is behind is of a run that was lost
 * @param bfloat16 whether linears compute in bf16
 * @param ranks of the factored linears
 * @param perplexityBefore by evaluation set, after the cut
 * @param perplexityOfInput by evaluation set, where it was measured
 * @param cutErrors the dropped share of the squared norm by linear
 * @param seconds of wall-clock time that the attempts up to here took
 * @param sha256 of the tensor file, in hex
 */
public record CheckpointState(
        int version,
        String key,
        long step,
        long position,
        long lossBytes,
        boolean bfloat16,
        SortedMap<String, Integer> ranks,
        SortedMap<String, Double> perplexityBefore,
        SortedMap<String, Double> perplexityOfInput,
        SortedMap<String, Double> cutErrors,
        double seconds,
        String sha256) {
    /** The version that this program writes. */
    public static final int VERSION = 1;

    CheckpointState withSeconds(double total) {
        return new CheckpointState(
                version,
                key,
                step,
                position,
                lossBytes,
                bfloat16,
                ranks,
                perplexityBefore,
                perplexityOfInput,
                cutErrors,
                total,
                sha256);
    }

    CheckpointState withDigest(String digest) {
        return new CheckpointState(
                version,
                key,
                step,
                position,
                lossBytes,
                bfloat16,
                ranks,
                perplexityBefore,
                perplexityOfInput,
                cutErrors,
                seconds,
                digest);
    }
}
