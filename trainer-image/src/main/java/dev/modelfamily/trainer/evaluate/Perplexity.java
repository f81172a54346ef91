package dev.modelfamily.trainer.evaluate;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.data.EvaluationWindows;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.report.Progression;
import dev.modelfamily.trainer.torch.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Perplexity over non-overlapping windows of N tokens: {@code exp} of the mean negative log-likelihood of the N − 1
 * predictions of every window; no special tokens are added.
 *
 * @param value the perplexity
 * @param windows read
 * @param predictions in all of them together
 */
public record Perplexity(double value, int windows, long predictions) {
    /** About so many tokens are computed at once. */
    private static final int TOKENS_AT_ONCE = 2048;

    /**
     * Measures a model on the windows of a text; progress is counted in tokens.
     *
     * @throws StageException with {@code BAD_DATA} where the model gives no numbers
     */
    public static Perplexity of(LanguageModel model, EvaluationWindows windows, Progression progress) {
        int length = windows.length() - 1;
        int batch = Math.max(1, TOKENS_AT_ONCE / windows.length());
        double sum = 0;
        for (int first = 0; first < windows.count(); first += batch) {
            int rows = Math.min(batch, windows.count() - first);
            try (Tensor inputs = LanguageModel.ids(rows, length);
                    Tensor targets = LanguageModel.ids(rows, length);
                    Arena arena = Arena.ofConfined()) {
                MemorySegment whole = arena.allocate(ValueLayout.JAVA_LONG, (long) rows * windows.length());
                windows.read(first, rows, whole);
                inputs.fill(memory -> copyColumns(whole, 0, memory, rows, length));
                targets.fill(memory -> copyColumns(whole, 1, memory, rows, length));
                sum += model.loss(inputs, targets);
            }
            progress.at((long) (first + rows) * windows.length());
        }
        if (Double.isNaN(sum)) {
            throw new StageException(
                    ExitCode.BAD_DATA, "the model computes NaN on the evaluation text: its weights are damaged");
        }
        // A cut without recovery may be worse than a double can say; JSON knows no infinity.
        double value = Math.min(Math.exp(sum / windows.predictions()), Double.MAX_VALUE);
        return new Perplexity(value, windows.count(), windows.predictions());
    }

    /** {@code target [rows, length] = source [rows, length + 1][:, from : from + length]}. */
    private static void copyColumns(MemorySegment source, int from, MemorySegment target, int rows, int length) {
        for (int row = 0; row < rows; row++) {
            long start = 8L * (row * (length + 1L) + from);
            MemorySegment.copy(source, start, target, 8L * row * length, 8L * length);
        }
    }
}
