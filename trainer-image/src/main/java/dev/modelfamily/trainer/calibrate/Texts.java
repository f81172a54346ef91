package dev.modelfamily.trainer.calibrate;

import dev.modelfamily.api.v1alpha1.OnDataEnd;
import dev.modelfamily.trainer.data.PackedBatches;
import dev.modelfamily.trainer.data.TokenSet;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.torch.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Calibration texts in memory.
 *
 * @param batches token ids {@code [rows, length]}
 * @param seed of what is drawn by chance
 */
public record Texts(List<Tensor> batches, long seed) implements AutoCloseable {
    /** About so many tokens are computed at once. */
    private static final int TOKENS_AT_ONCE = 2048;

    /**
     * Reads sequences in a seeded random order.
     *
     * @param tokens how many, rounded up to whole sequences; fewer where the set ends before
     */
    public static Texts read(Path set, long tokens, int length, long seed) {
        try (TokenSet source = TokenSet.open(set)) {
            PackedBatches sequences = new PackedBatches(source, length, seed, OnDataEnd.Stop);
            long left = Math.min(Math.ceilDiv(tokens, length), sequences.sequencesPerEpoch());
            List<Tensor> batches = new ArrayList<>();
            while (left > 0) {
                int rows = (int) Math.min(left, Math.max(1, TOKENS_AT_ONCE / length));
                Tensor inputs = LanguageModel.ids(rows, length);
                try (Tensor targets = LanguageModel.ids(rows, length)) {
                    inputs.fill(ids -> targets.fill(next -> sequences.next(rows, ids, next)));
                }
                batches.add(inputs);
                left -= rows;
            }
            return new Texts(List.copyOf(batches), seed);
        }
    }

    /** The hidden states before the first block of a model, batch by batch; the list may be changed, and the caller closes them. */
    public List<Tensor> embedded(LanguageModel model) {
        return batches.stream().map(model::embedded).collect(Collectors.toCollection(ArrayList::new));
    }

    /** All tokens. */
    public long tokens() {
        return batches.stream().mapToLong(Tensor::elements).sum();
    }

    @Override
    public void close() {
        batches.forEach(Tensor::close);
    }
}
