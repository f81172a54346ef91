package dev.modelfamily.trainer.data;

import dev.modelfamily.api.v1alpha1.OnDataEnd;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Training sequences of one length, in a seeded random order. Sequence {@code i} of length {@code L} has the inputs
 * {@code [i*L, i*L + L)} and, one token later, the targets {@code [i*L + 1, i*L + L]}. The tail that fills no sequence is left
 * out. Packing is plain: a sequence may hold the end of one document and the start of the next with the end-of-text id between
 * them, and attention is not masked at that boundary.
 *
 * <p>The state is one number, the sequences handed out so far. Each epoch has its own permutation, computed without a
 * table, so a resume at any position is exact and takes no time.
 */
public final class PackedBatches {
    private final Tokens tokens;
    private final int sequenceLength;
    private final long sequencesPerEpoch;
    private final long seed;
    private final OnDataEnd onEnd;
    private long position;
    private long permutedEpoch;
    private Permutation order;

    /**
     * @param sequenceLength the tokens of a sequence
     * @param seed of the order
     * @throws StageException {@link ExitCode#BAD_DATA} where the tokens do not fill one sequence
     */
    public PackedBatches(Tokens tokens, int sequenceLength, long seed, OnDataEnd onEnd) {
        this.tokens = tokens;
        this.sequenceLength = sequenceLength;
        this.sequencesPerEpoch = (tokens.count() - 1) / sequenceLength;
        if (sequencesPerEpoch < 1) {
            throw new StageException(
                    ExitCode.BAD_DATA,
                    "the training data has " + tokens.count() + " tokens, fewer than one sequence of " + sequenceLength
                            + " and its last target; give more data or a smaller training.sequenceLength");
        }
        this.seed = seed;
        this.onEnd = onEnd;
        this.order = orderOf(0);
    }

    /**
     * Reads the next sequences.
     *
     * @param count how many
     * @param inputs {@code [count, sequenceLength]} 64-bit integers, native order
     * @param targets {@code [count, sequenceLength]} 64-bit integers, native order: the token that follows each input
     * @return how many were read: fewer than {@code count}, and 0 in the end, only where the data may not be repeated
     */
    public int next(int count, MemorySegment inputs, MemorySegment targets) {
        long rowBytes = (long) Long.BYTES * sequenceLength;
        int rows = (int) Math.min(count, remaining());
        for (int row = 0; row < rows; row++) {
            long start = sequenceAt(position + row) * sequenceLength;
            tokens.read(start, sequenceLength, inputs.asSlice(row * rowBytes, rowBytes));
            tokens.read(start + 1, sequenceLength, targets.asSlice(row * rowBytes, rowBytes));
        }
        position += rows;
        return rows;
    }

    /** The sequences handed out so far: what a checkpoint keeps. */
    public long position() {
        return position;
    }

    /** Goes on from the position of a checkpoint. */
    public void seek(long sequences) {
        if (sequences < 0) {
            throw new IllegalArgumentException("position " + sequences + " is negative");
        }
        position = sequences;
    }

    /** The sequences of one pass over the data. */
    public long sequencesPerEpoch() {
        return sequencesPerEpoch;
    }

    /** How often the data was read whole. */
    public long epochsDone() {
        return position / sequencesPerEpoch;
    }

    /** How many of the tokens asked for there are to train on: all of them where the data may be repeated. */
    public long available(long askedTokens) {
        return switch (onEnd) {
            case Repeat -> askedTokens;
            case Stop -> Math.min(askedTokens, sequencesPerEpoch * sequenceLength);
        };
    }

    /** What to tell the user, once, where the tokens asked for are more than the data has. */
    public Optional<String> shortfall(long askedTokens) {
        long epoch = sequencesPerEpoch * sequenceLength;
        if (askedTokens <= epoch) {
            return Optional.empty();
        }
        String asked = "the stage asks for " + askedTokens + " tokens and the training data has " + epoch;
        return Optional.of(
                switch (onEnd) {
                    case Repeat -> "%s: it is read %.2f times".formatted(asked, askedTokens / (double) epoch);
                    case Stop -> asked + ": training stops at its end";
                });
    }

    /** Which sequence of the file is the one handed out at a position. */
    long sequenceAt(long at) {
        long epoch = at / sequencesPerEpoch;
        if (epoch != permutedEpoch) {
            order = orderOf(epoch);
            permutedEpoch = epoch;
        }
        return order.at(at % sequencesPerEpoch);
    }

    private long remaining() {
        return switch (onEnd) {
            case Repeat -> Long.MAX_VALUE;
            case Stop -> Math.max(0, sequencesPerEpoch - position);
        };
    }

    private Permutation orderOf(long epoch) {
        return new Permutation(sequencesPerEpoch, Permutation.mix(seed) + epoch);
    }
}
