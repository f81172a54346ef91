package dev.modelfamily.trainer.data;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Non-overlapping windows of a text, for its perplexity: window {@code i} has the tokens {@code [i*length, (i+1)*length)}, of
 * which all but the first are predicted. The tail that fills no window is left out.
 */
public final class EvaluationWindows {
    private final Tokens tokens;
    private final int length;
    private final int count;

    /**
     * @param length the tokens of a window, 2 or more
     * @param maxWindows to read at most; 0 for all
     * @throws StageException {@link ExitCode#BAD_DATA} where the text does not fill one window
     */
    public EvaluationWindows(Tokens tokens, int length, int maxWindows) {
        if (length < 2) {
            throw new StageException(
                    ExitCode.BAD_ORDER, "a window of " + length + " tokens predicts nothing; give at least 2");
        }
        long whole = tokens.count() / length;
        if (whole == 0) {
            throw new StageException(
                    ExitCode.BAD_DATA,
                    "the evaluation text has " + tokens.count() + " tokens, fewer than one window of " + length
                            + "; give a longer text or a smaller window");
        }
        this.tokens = tokens;
        this.length = length;
        this.count = (int) Math.min(whole, maxWindows == 0 ? Integer.MAX_VALUE : maxWindows);
    }

    /** How many windows there are. */
    public int count() {
        return count;
    }

    /** The tokens of a window. */
    public int length() {
        return length;
    }

    /** How many tokens are predicted in all windows together. */
    public long predictions() {
        return (long) count * (length - 1);
    }

    /**
     * Reads windows {@code [first, first + windows)}.
     *
     * @param target {@code [windows, length]} 64-bit integers, native order
     */
    public void read(int first, int windows, MemorySegment target) {
        Objects.checkFromIndexSize(first, windows, count);
        tokens.read((long) first * length, windows * length, target);
    }
}
