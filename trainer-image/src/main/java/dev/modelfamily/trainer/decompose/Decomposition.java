package dev.modelfamily.trainer.decompose;

import dev.modelfamily.api.v1alpha1.Allocation;
import dev.modelfamily.api.v1alpha1.Truncation;
import dev.modelfamily.contract.Cut;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Layout;
import dev.modelfamily.trainer.torch.Tensor;
import dev.modelfamily.trainer.torch.Workers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.ObjIntConsumer;

/**
 * Cuts a model to the ranks of an order: {@code W [out, in] ≈ U [out, r] V [r, in]}, one matrix on each thread at a time.
 * Tensors that stay are taken over, those that are cut are closed on the way, so that there is never more than one model in
 * memory.
 */
public final class Decomposition {
    private final LanguageModel input;
    private final Cut cut;
    private final SortedMap<String, Double> errors = new TreeMap<>();

    private Decomposition(LanguageModel input, Cut cut) {
        this.input = input;
        this.cut = cut;
    }

    /**
     * What a cut gave.
     *
     * @param model the member before recovery; it owns all tensors of the input model that it kept
     * @param errors the dropped share of the squared Frobenius norm of what was cut, 0 to 1, by linear
     */
    public record Result(LanguageModel model, SortedMap<String, Double> errors) {}

    /**
     * Cuts {@code input}, which must not be used afterwards.
     *
     * @param progress gets each linear that was cut and how many were so far
     * @throws StageException with {@code BAD_ORDER} for a method that this version does not have, a linear that the model
     *     does not have, or a rank that does not fall
     */
    public static Result cut(LanguageModel input, Cut cut, ObjIntConsumer<String> progress) {
        refuseUnknown(cut);
        return new Decomposition(input, cut).run(progress);
    }

    private static void refuseUnknown(Cut cut) {
        if (cut.truncation() != Truncation.Plain) {
            throw new StageException(
                    ExitCode.BAD_ORDER,
                    "method.truncation: this version has Plain only, not " + cut.truncation()
                            + "; set method.preset: PLRD or method.truncation: Plain");
        }
        if (cut.allocation() != Allocation.Uniform) {
            throw new StageException(
                    ExitCode.BAD_ORDER,
                    "method.allocation: this version has Uniform only, not " + cut.allocation()
                            + "; set method.preset: PLRD or method.allocation: Uniform");
        }
    }

    private Result run(ObjIntConsumer<String> progress) {
        ModelShape before = input.shape();
        SortedMap<String, Integer> ranks = new TreeMap<>(before.ranks());
        ranks.putAll(cut.ranks());
        ModelShape after = before.withRanks(ranks);
        cut.ranks().forEach(this::refuse);
        Map<String, Tensor> made = new HashMap<>();
        List<Callable<LinearCut>> work = new ArrayList<>();
        cut.ranks().forEach((name, rank) -> work.add(() -> LinearCut.of(input, name, rank, cut.recut())));
        Workers.run(work, done -> {
            errors.put(done.name(), done.error());
            made.putAll(done.factors());
            progress.accept(done.name(), errors.size());
        });
        List<Tensor> tensors = new ArrayList<>();
        for (Layout.Slot slot : Layout.of(after).slots()) {
            Tensor cutOff = made.get(slot.name());
            tensors.add(cutOff != null ? cutOff : input.tensor(carriedName(slot.name())));
        }
        return new Result(LanguageModel.of(after, tensors), errors);
    }

    /** A bias is that of {@code X} in a dense linear and that of {@code X.u} in a factored one. */
    private String carriedName(String name) {
        if (input.has(name)) {
            return name;
        }
        return name.replace(".u.bias", ".bias");
    }

    private void refuse(String name, int rank) {
        Integer current = input.shape().ranks().get(name);
        if (current == null && !input.has(name + ".weight")) {
            throw new StageException(ExitCode.BAD_ORDER, "cut.ranks: the model has no linear " + name);
        }
        if (current != null && rank > current) {
            throw new StageException(
                    ExitCode.BAD_ORDER,
                    "cut.ranks: " + name + " cannot get rank " + rank + ": its rank is " + current
                            + " and a stage can only lower it");
        }
    }
}
