package dev.modelfamily.trainer.decompose;

import dev.modelfamily.api.v1alpha1.Allocation;
import dev.modelfamily.api.v1alpha1.Truncation;
import dev.modelfamily.contract.Cut;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.planner.Linear;
import dev.modelfamily.planner.Linears;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.Parameters;
import dev.modelfamily.trainer.allocate.GlobalRanks;
import dev.modelfamily.trainer.allocate.Spectrum;
import dev.modelfamily.trainer.calibrate.Calibration;
import dev.modelfamily.trainer.calibrate.Moments;
import dev.modelfamily.trainer.calibrate.Statistic;
import dev.modelfamily.trainer.calibrate.Texts;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.report.Progression;
import dev.modelfamily.trainer.torch.Tensor;
import dev.modelfamily.trainer.torch.Workers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Cuts by what passes through the linears on calibration texts. Every linear is cut while the moments of its block are in memory,
 * to its rank where that is given; for global allocation to the highest that saves anything, and shortened when the
 * spectra of the whole model are known.
 */
final class MeasuredCut {
    private final LanguageModel input;
    private final Cut cut;
    private final Map<String, Linear> linears;
    private final Map<String, Candidate> candidates = new HashMap<>();

    MeasuredCut(LanguageModel input, Cut cut) {
        this.input = input;
        this.cut = cut;
        this.linears = Linears.of(input.shape()).stream().collect(Collectors.toMap(Linear::name, Function.identity()));
    }

    /** Cuts; the input model stays whole. */
    List<LinearCut> run(Texts texts, Decomposition.Progressions progress) {
        Statistic statistic = statistic(cut.truncation());
        // A pass with gradients goes forward through all blocks before the first of them is cut.
        long forward = statistic == Statistic.VALUES_AND_GRADIENTS
                ? texts.tokens() * input.layout().layers()
                : 0;
        Lazily cutting = new Lazily(progress.cutting());
        Progression measuring = done -> {
            progress.measuring().at(done);
            if (done >= forward) {
                cutting.begun();
            }
        };
        Calibration.run(input, texts, statistic, measuring, block -> cut(block, cutting.begun()));
        SortedMap<String, Integer> ranks = switch (cut.allocation()) {
            case Allocation.Uniform -> cut.ranks();
            case Allocation.Global -> ranks();
        };
        return made(ranks);
    }

    /** A phase that begins when it is first asked for. */
    private static final class Lazily {
        private final Supplier<Progression> begin;
        private Optional<Progression> begun = Optional.empty();

        Lazily(Supplier<Progression> begin) {
            this.begin = begin;
        }

        Progression begun() {
            if (begun.isEmpty()) {
                begun = Optional.of(begin.get());
            }
            return begun.orElseThrow();
        }
    }

    /** Counts whole blocks: to measure a block takes long, and its first matrix would count for all of that. */
    private void cut(List<Moments> block, Progression cutting) {
        List<Callable<Candidate>> work = new ArrayList<>();
        for (Moments moments : block) {
            Linear linear = linears.get(moments.linear());
            int rank = highest(linear);
            if (rank > 0) {
                work.add(() -> Candidate.of(input, linear, cut.truncation(), moments, rank));
            }
        }
        int before = candidates.size();
        Workers.run(work, candidate -> {
            candidates.put(candidate.linear().name(), refuseNotFinite(candidate));
            cutting.at(before);
        });
        cutting.at(candidates.size());
    }

    /** What each kind of truncation measures; of {@code Plain}, which measures nothing, this is never asked. */
    static Statistic statistic(Truncation truncation) {
        return switch (truncation) {
            case Scaled -> Statistic.INPUT_SIZES;
            case Plain, Whitened -> Statistic.VALUES;
            case TwoSided -> Statistic.VALUES_AND_GRADIENTS;
        };
    }

    /** The highest rank that a linear can get; 0 where it stays as it is. */
    private int highest(Linear linear) {
        int current = input.shape().ranks().getOrDefault(linear.name(), 0);
        return switch (cut.allocation()) {
            case Allocation.Uniform -> {
                int rank = cut.ranks().getOrDefault(linear.name(), 0);
                yield rank == current ? 0 : rank;
            }
            case Allocation.Global -> new Spectrum(linear, current, List.of()).limit();
        };
    }

    private static Candidate refuseNotFinite(Candidate candidate) {
        for (double square : candidate.squares()) {
            if (!Double.isFinite(square)) {
                throw new StageException(
                        ExitCode.BAD_DATA,
                        "the activations of " + candidate.linear().name()
                                + " on the calibration texts are not finite; is the input member whole?");
            }
        }
        return candidate;
    }

    private SortedMap<String, Integer> ranks() {
        ModelShape shape = input.shape();
        long fixed = Parameters.of(shape) - Parameters.inLinears(shape);
        List<Spectrum> spectra = new ArrayList<>();
        long uncut = 0;
        for (Linear linear : Linears.of(shape)) {
            int current = shape.ranks().getOrDefault(linear.name(), 0);
            Candidate candidate = candidates.get(linear.name());
            if (candidate == null) {
                uncut += current * linear.perRank();
            } else {
                spectra.add(new Spectrum(linear, current, candidate.squares()));
            }
        }
        return GlobalRanks.within(spectra, cut.targetParameters() - fixed - uncut, cut.rankMultiple())
                .orElseThrow(() -> new StageException(
                        ExitCode.BAD_ORDER,
                        "cut.targetParameters: " + cut.targetParameters()
                                + " is too few: all but the linears need " + fixed
                                + " and each linear a rank of 1; ask for more"));
    }

    private List<LinearCut> made(SortedMap<String, Integer> ranks) {
        List<LinearCut> made = new ArrayList<>();
        for (Linear linear : linears.values()) {
            String name = linear.name();
            Candidate candidate = candidates.get(name);
            int rank = ranks.getOrDefault(name, 0);
            boolean falls =
                    candidate != null && rank > 0 && rank <= candidate.v().shape()[0];
            if (falls) {
                double error = candidate.error(rank);
                List<Tensor> factors = candidate.at(rank);
                made.add(new LinearCut(
                        name,
                        rank,
                        Map.of(name + ".u.weight", factors.get(0), name + ".v.weight", factors.get(1)),
                        error));
            } else {
                if (candidate != null) {
                    candidate.close();
                }
                if (input.shape().ranks().containsKey(name)) {
                    made.add(new LinearCut(name, input.shape().ranks().get(name), Map.of(), 0));
                }
            }
        }
        return made;
    }
}
