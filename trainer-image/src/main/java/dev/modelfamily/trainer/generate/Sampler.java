package dev.modelfamily.trainer.generate;

import dev.modelfamily.trainer.model.Draws;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.report.Progression;
import dev.modelfamily.trainer.torch.Arguments;
import dev.modelfamily.trainer.torch.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Samples token ids from a model, many rows at once, each token computed once: keys and values of those before are kept, {@code 8 *
 * layers * rows * length * groups * headDim} bytes.
 *
 * @param temperature that logits are divided by, above 0; 1 for the model's own distribution
 * @param topP the share of the probability that the most probable tokens must have together to be the only ones (Holtzman et al.
 *     2020); 1 for all
 */
public record Sampler(double temperature, double topP) {
    /**
     * Rows of ids {@code [rows][length]}, each beginning with {@code first}.
     *
     * @param random draws one number for each place of each row, row by row
     * @param progress in tokens
     */
    public int[][] rows(
            LanguageModel model, int first, int rows, int length, SplittableRandom random, Progression progress) {
        List<Tensor> keys = new ArrayList<>();
        List<Tensor> values = new ArrayList<>();
        try (Tensor ids = LanguageModel.ids(rows, length);
                Tensor draws = Draws.of(random, rows, length)) {
            ids.fill(memory -> {
                for (long row = 0; row < rows; row++) {
                    memory.setAtIndex(ValueLayout.JAVA_LONG, row * length, first);
                }
            });
            for (int layer = 0; layer < model.layout().layers(); layer++) {
                keys.add(room(model, rows, length));
                values.add(room(model, rows, length));
            }
            for (int position = 0; position + 1 < length; position++) {
                next(model, ids, position, draws, keys, values);
                progress.at((long) rows * (position + 2));
            }
            return read(ids, rows, length);
        } finally {
            keys.forEach(Tensor::close);
            values.forEach(Tensor::close);
        }
    }

    private static Tensor room(LanguageModel model, int rows, int length) {
        return LanguageModel.zeros(
                rows, model.shape().kvHeads(), length, model.shape().headDim());
    }

    private void next(
            LanguageModel model, Tensor ids, int position, Tensor draws, List<Tensor> keys, List<Tensor> values) {
        int length = Math.toIntExact(ids.shape()[1]);
        LanguageModel.script()
                .run(
                        "generate",
                        Arguments.of()
                                .tensor(ids)
                                .integer(position)
                                .tensor(draws)
                                .tensors(keys)
                                .tensors(values)
                                .number(temperature)
                                .number(topP)
                                .tensors(model.tensors())
                                .integers(model.layout().spec())
                                .integers(model.layout().dims())
                                .number(model.shape().normEps())
                                .tensor(model.cos(length))
                                .tensor(model.sin(length)));
    }

    private static int[][] read(Tensor ids, int rows, int length) {
        long[] all = new long[rows * length];
        ids.copyTo(MemorySegment.ofArray(all));
        int[][] read = new int[rows][length];
        for (int i = 0; i < all.length; i++) {
            read[i / length][i % length] = Math.toIntExact(all[i]);
        }
        return read;
    }
}
