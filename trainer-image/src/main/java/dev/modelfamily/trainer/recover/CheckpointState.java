package dev.modelfamily.trainer.recover;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a checkpoint holds beside tensors.
 *
 * @param key of the stage
 * @param step optimizer steps done
 * @param position sequences of the data handed out
 * @param loss how far {@code loss.jsonl} was
 * @param evaluation how far {@code evaluation.jsonl} was
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
        LineLog.Mark loss,
        LineLog.Mark evaluation,
        boolean bfloat16,
        SortedMap<String, Integer> ranks,
        SortedMap<String, Double> perplexityBefore,
        SortedMap<String, Double> perplexityOfInput,
        SortedMap<String, Double> cutErrors,
        double seconds,
        String sha256) {
    /** The version that this program writes. */
    public static final int VERSION = 2;

    /** The state of a run before its first step, of a model that was not cut. */
    public static CheckpointState start(String key) {
        return start(key, false, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }

    /** The state of a stage before its first step. */
    public static CheckpointState start(
            String key,
            boolean bfloat16,
            SortedMap<String, Integer> ranks,
            SortedMap<String, Double> perplexityBefore,
            SortedMap<String, Double> perplexityOfInput,
            SortedMap<String, Double> cutErrors) {
        return new CheckpointState(
                VERSION,
                key,
                0,
                0,
                LineLog.Mark.START,
                LineLog.Mark.START,
                bfloat16,
                ranks,
                perplexityBefore,
                perplexityOfInput,
                cutErrors,
                0,
                "");
    }

    /** The same run, further on. */
    CheckpointState at(long newStep, long newPosition) {
        return new CheckpointState(
                version,
                key,
                newStep,
                newPosition,
                loss,
                evaluation,
                bfloat16,
                ranks,
                perplexityBefore,
                perplexityOfInput,
                cutErrors,
                seconds,
                "");
    }

    /** The same with what is known only when it is written. */
    CheckpointState written(LineLog.Mark newLoss, LineLog.Mark newEvaluation, double newSeconds) {
        return new CheckpointState(
                version,
                key,
                step,
                position,
                newLoss,
                newEvaluation,
                bfloat16,
                ranks,
                perplexityBefore,
                perplexityOfInput,
                cutErrors,
                newSeconds,
                "");
    }

    CheckpointState withDigest(String digest) {
        return new CheckpointState(
                version,
                key,
                step,
                position,
                loss,
                evaluation,
                bfloat16,
                ranks,
                perplexityBefore,
                perplexityOfInput,
                cutErrors,
                seconds,
                digest);
    }
}
