package dev.modelfamily.trainer.generate;

import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.report.Progression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Documents sampled from a model.
 *
 * @param tokens rounded up to whole sequences
 * @param length tokens of a sequence, which begins with a new document and may hold several; the last one may be cut off
 * @param batch sequences at once
 * @param seed of what is drawn by chance; another batch gives other documents
 */
public record Generation(Sampler sampler, long tokens, int length, int batch, long seed) {
    /** The length of a sequence where nobody asks for another, if the model has so many positions. */
    public static final int USUAL_LENGTH = 512;

    /** So many sequences at once where nobody asks for another number. */
    public static final int USUAL_BATCH = 16;

    /** All tokens, separators included. */
    public long total() {
        return sequences() * length;
    }

    private long sequences() {
        return Math.ceilDiv(tokens, length);
    }

    /**
     * Samples.
     *
     * @param end the id between two documents, in none of them
     * @param progress in tokens, to {@link #total()}
     */
    public void run(LanguageModel model, int end, Progression progress, Consumer<int[]> document) {
        SplittableRandom random = new SplittableRandom(seed);
        long done = 0;
        while (done < sequences()) {
            long before = done * length;
            int now = (int) Math.min(batch, sequences() - done);
            int[][] rows = sampler.rows(model, end, now, length, random, at -> progress.at(before + at));
            for (int[] row : rows) {
                split(row, end).forEach(document);
            }
            done += now;
        }
    }

    /** The documents of a row, which {@code end} separates. */
    static List<int[]> split(int[] row, int end) {
        List<int[]> documents = new ArrayList<>();
        int from = 0;
        for (int at = 0; at <= row.length; at++) {
            if (at == row.length || row[at] == end) {
                if (at > from) {
                    documents.add(Arrays.copyOfRange(row, from, at));
                }
                from = at + 1;
            }
        }
        return documents;
    }
}
