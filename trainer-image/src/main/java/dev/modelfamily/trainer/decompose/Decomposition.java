package dev.modelfamily.trainer.decompose;

import dev.modelfamily.api.v1alpha1.Truncation;
import dev.modelfamily.contract.Cut;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.trainer.calibrate.Texts;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Layout;
import dev.modelfamily.trainer.report.Progression;
import dev.modelfamily.trainer.torch.Tensor;
import dev.modelfamily.trainer.torch.Workers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * Cuts a model to the ranks of an order, or to its size: {@code W [out, in] ≈ U [out, r] V [r, in]}, one matrix on each thread at a
 * time. Tensors that stay are taken over, those that are cut are closed.
 */
public final class Decomposition {
    private final LanguageModel input;
    private final Cut cut;

    private Decomposition(LanguageModel input, Cut cut) {
        this.input = input;
        this.cut = cut;
    }

    /**
     * What a cut gave.
     *
     * @param model the member before recovery; it owns all tensors of the input model that it kept
     * @param errors the dropped share of what the cut minimises, 0 to 1, by linear: of the squared norm of the weight for a plain
     *     cut, else of the error that it causes on the calibration texts
     */
    public record Result(LanguageModel model, SortedMap<String, Double> errors) {}

    /**
     * What a cut tells of its course.
     *
     * @param measuring in tokens times blocks; never called by a plain cut
     * @param cutting begins the progress in linears, once; what was done before is not in its rate
     * @param fitting begins the progress in tokens times blocks, once, where the order asks for a fit
     */
    public record Progressions(Progression measuring, Supplier<Progression> cutting, Supplier<Progression> fitting) {}

    /** Whether a cut needs calibration texts. */
    public static boolean isMeasured(Cut cut) {
        return cut.truncation() != Truncation.Plain;
    }

    /**
     * Cuts {@code input} by its weights alone; it must not be used afterwards.
     *
     * @throws StageException with {@code BAD_ORDER} for a linear that the model does not have, or a rank that does not fall
     */
    public static Result plain(LanguageModel input, Cut cut, Progression cutting) {
        Decomposition decomposition = new Decomposition(input, cut);
        decomposition.refuse();
        List<Callable<LinearCut>> work = new ArrayList<>();
        cut.ranks().forEach((name, rank) -> work.add(() -> LinearCut.of(input, name, rank, cut.recut())));
        List<LinearCut> made = new ArrayList<>();
        Workers.run(work, done -> {
            made.add(done);
            cutting.at(made.size());
        });
        return decomposition.result(made);
    }

    /**
     * Cuts {@code input} by what it does on texts; it must not be used afterwards. Then fits the factors, where the order
     * asks for that.
     *
     * @throws StageException with {@code BAD_ORDER} for a linear that the model does not have, a rank that does not fall, or a size
     *     that cannot be reached
     */
    public static Result measured(LanguageModel input, Cut cut, Texts texts, Progressions progress) {
        Decomposition decomposition = new Decomposition(input, cut);
        decomposition.refuse();
        Result result = decomposition.result(new MeasuredCut(input, cut).run(texts, progress));
        if (cut.fits()) {
            SequentialFit.run(input, result.model(), texts, progress.fitting().get());
        }
        decomposition.closeReplaced(result.model());
        return result;
    }

    private void closeReplaced(LanguageModel member) {
        Set<Tensor> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        kept.addAll(member.tensors());
        input.tensors().stream().filter(tensor -> !kept.contains(tensor)).forEach(Tensor::close);
    }

    private Result result(List<LinearCut> made) {
        SortedMap<String, Integer> ranks = new TreeMap<>(input.shape().ranks());
        SortedMap<String, Double> errors = new TreeMap<>();
        Map<String, Tensor> factors = new HashMap<>();
        for (LinearCut linear : made) {
            ranks.put(linear.name(), linear.rank());
            errors.put(linear.name(), linear.error());
            factors.putAll(linear.factors());
        }
        ModelShape after = input.shape().withRanks(ranks);
        List<Tensor> tensors = new ArrayList<>();
        for (Layout.Slot slot : Layout.of(after).slots()) {
            Tensor cutOff = factors.get(slot.name());
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

    private void refuse() {
        cut.ranks().forEach(this::refuse);
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
