package dev.modelfamily.trainer.stage;

import dev.modelfamily.contract.Cut;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Manifest;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.contract.StageResult;
import dev.modelfamily.planner.Linears;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.ModelShapes;
import dev.modelfamily.planner.Parameters;
import dev.modelfamily.planner.RankSummary;
import dev.modelfamily.trainer.calibrate.Texts;
import dev.modelfamily.trainer.data.PackedBatches;
import dev.modelfamily.trainer.data.TokenSet;
import dev.modelfamily.trainer.decompose.Decomposition;
import dev.modelfamily.trainer.evaluate.EvaluationSets;
import dev.modelfamily.trainer.export.MemberExport;
import dev.modelfamily.trainer.export.Members;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Loading;
import dev.modelfamily.trainer.recover.CheckpointState;
import dev.modelfamily.trainer.recover.Checkpoints;
import dev.modelfamily.trainer.recover.Course;
import dev.modelfamily.trainer.recover.Milestones;
import dev.modelfamily.trainer.recover.RecoveryRun;
import dev.modelfamily.trainer.recover.StopSignal;
import dev.modelfamily.trainer.report.Progression;
import dev.modelfamily.trainer.report.Reporter;
import dev.modelfamily.trainer.report.Stopwatch;
import dev.modelfamily.trainer.weights.OpenModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Makes one member: cuts the input member, trains what is left, measures it, and writes it with its manifest last. Killed at any
 * moment and run again it makes the same bytes.
 */
public final class Stage {
    private static final Logger LOG = Logger.getLogger(Stage.class.getName());

    /** The file with the share of the squared norm that the cut dropped, 0 to 1, by linear. */
    private static final String CUT_ERRORS = "cut-errors.json";

    private final StageOrder order;
    private final Inputs inputs;
    private final OutputFolder output;
    private final Reporter reporter;
    private final StopSignal stop;
    private final Stopwatch time = Stopwatch.started();

    /** A member at some point of its making, and what was found out until then. */
    private record Begun(LanguageModel model, CheckpointState state, Optional<Checkpoints.Found> checkpoint) {}

    /** A member at the end of its recovery. */
    private record Recovered(long tokens, double secondsBefore) {}

    private Stage(StageOrder order, Inputs inputs, OutputFolder output, Reporter reporter, StopSignal stop) {
        this.order = order;
        this.inputs = inputs;
        this.output = output;
        this.reporter = reporter;
        this.stop = stop;
    }

    /**
     * Runs a stage to its end, or returns the result of one that has ended.
     *
     * @throws StageException with the exit code of what went wrong; {@code TERMINATED} where a stop was asked for
     */
    public static StageResult run(StageOrder order, Reporter reporter, StopSignal stop) {
        OutputFolder output = new OutputFolder(Path.of(order.places().output()));
        Checkpoints checkpoints = new Checkpoints(Path.of(order.places().checkpoints()));
        try (StageLock _ = StageLock.of(Path.of(order.places().checkpoints()))) {
            Optional<StageResult> finished = output.finished(order.key());
            if (finished.isPresent()) {
                return finished.get();
            }
            output.clean();
            checkpoints.clean();
            try (Inputs inputs = Inputs.open(order, reporter, stop)) {
                return new Stage(order, inputs, output, reporter, stop).make(checkpoints);
            }
        }
    }

    private StageResult make(Checkpoints checkpoints) {
        DiskSpace.check(
                output.path(),
                Path.of(order.places().checkpoints()),
                parameters(),
                inputs.companionBytes(),
                order.recovery().tokens() > 0);
        try (EvaluationSets sets =
                        EvaluationSets.open(order.evaluation(), order.recovery().sequenceLength());
                Course course = Course.in(Path.of(order.places().checkpoints()))) {
            Begun begun = begin(sets, checkpoints, course);
            try (LanguageModel model = begun.model()) {
                Recovered recovered = recover(begun, sets, checkpoints, course);
                SortedMap<String, Double> before = begun.state().perplexityBefore();
                SortedMap<String, Double> after =
                        recovered.tokens() == 0 ? before : sets.measure(model, total -> phase("evaluate", total));
                return finish(begun, recovered, after, course);
            }
        }
    }

    /** The parameters of the member: exact where the order has the ranks, else at most what it asks for. */
    private long parameters() {
        return switch (order.cut().allocation()) {
            case Global -> order.cut().targetParameters();
            case Uniform -> Parameters.of(shape(order.cut().ranks()));
        };
    }

    /** The shape of the input with other ranks. */
    private ModelShape shape(SortedMap<String, Integer> changed) {
        ModelShape input = ModelShapes.of(inputs.input().config());
        SortedMap<String, Integer> ranks = new TreeMap<>(input.ranks());
        ranks.putAll(changed);
        return input.withRanks(ranks);
    }

    private Begun begin(EvaluationSets sets, Checkpoints checkpoints, Course course) {
        Optional<Checkpoints.Found> found = checkpoints.newest(order.key(), course);
        if (found.isPresent()) {
            LOG.log(Level.INFO, "going on from step {0}", found.get().state().step());
            LanguageModel empty = LanguageModel.empty(shape(found.get().state().ranks()));
            return new Begun(empty, found.get().state(), found);
        }
        LanguageModel input = load(inputs.input());
        SortedMap<String, Double> perplexityOfInput =
                inputs.inputIsParent() ? sets.measure(input, total -> phase("evaluate", total)) : new TreeMap<>();
        Decomposition.Result cut = cut(input);
        SortedMap<String, Double> before = sets.measure(cut.model(), total -> phase("evaluate", total));
        CheckpointState start = CheckpointState.start(
                order.key(),
                order.recovery().tokens() > 0
                        && Precisions.isBFloat16(order.recovery().precision()),
                new TreeMap<>(cut.model().shape().ranks()),
                before,
                perplexityOfInput,
                cut.errors());
        return new Begun(cut.model(), start, Optional.empty());
    }

    private Decomposition.Result cut(LanguageModel input) {
        Cut asked = order.cut();
        if (!Decomposition.isMeasured(asked)) {
            return Decomposition.plain(
                    input, asked, phase("decompose", asked.ranks().size()));
        }
        try (Texts texts = Texts.read(
                Path.of(order.calibration().data().path()),
                order.calibration().tokens(),
                order.recovery().sequenceLength(),
                DataOrder.seed(order))) {
            long passes = texts.tokens() * input.layout().layers();
            int linears = Linears.of(input.shape()).size();
            return Decomposition.measured(
                    input,
                    asked,
                    texts,
                    new Decomposition.Progressions(
                            phase("calibrate", passes), () -> phase("decompose", linears), () -> phase("fit", passes)));
        }
    }

    private LanguageModel load(OpenModel model) {
        return Loading.load(model, phase("load", Parameters.of(ModelShapes.of(model.config()))));
    }

    private Recovered recover(Begun begun, EvaluationSets sets, Checkpoints checkpoints, Course course) {
        Milestones milestones = sets.onTheWay(begun.model(), course.evaluation());
        if (order.recovery().tokens() == 0) {
            course.clear();
            milestones.passed(0, 0, 0);
            return new Recovered(0, 0);
        }
        Optional<LanguageModel> teacher = switch (order.recovery().loss()) {
            case Distillation -> Optional.of(load(inputs.parent()));
            case LanguageModel -> Optional.empty();
        };
        try (TokenSet tokens = TokenSet.open(Path.of(order.training().path()))) {
            return recover(begun, teacher, tokens, milestones, checkpoints, course);
        } finally {
            teacher.ifPresent(LanguageModel::close);
        }
    }

    private Recovered recover(
            Begun begun,
            Optional<LanguageModel> teacher,
            TokenSet tokens,
            Milestones milestones,
            Checkpoints checkpoints,
            Course course) {
        PackedBatches batches = new PackedBatches(
                tokens,
                order.recovery().sequenceLength(),
                DataOrder.seed(order),
                order.recovery().onDataEnd());
        batches.shortfall(order.recovery().tokens()).ifPresent(LOG::warning);
        try (RecoveryRun run = new RecoveryRun(
                begun.model(),
                teacher,
                order.recovery(),
                batches,
                checkpoints,
                course,
                milestones,
                begun.state(),
                begun.checkpoint(),
                time)) {
            if (!run.run(reporter, stop)) {
                throw new StageException(
                        ExitCode.TERMINATED,
                        "stopped after " + run.tokens() + " tokens with a checkpoint; the next run goes on from it");
            }
            return new Recovered(run.tokens(), begun.state().seconds());
        }
    }

    private StageResult finish(Begun begun, Recovered recovered, SortedMap<String, Double> after, Course course) {
        SortedMap<String, byte[]> logs = new TreeMap<>();
        logs.put(Course.LOSS, course.loss().bytes());
        logs.put(Course.EVALUATION, course.evaluation().bytes());
        logs.put(CUT_ERRORS, Json.line(begun.state().cutErrors()).getBytes(StandardCharsets.UTF_8));
        phase("export", begun.model().parameters());
        MemberExport.Written written = new MemberExport(output.path(), begun.model(), inputs.parent())
                .write(
                        order.member(),
                        recovered.tokens(),
                        logs,
                        facts(begun, after),
                        phase("verify", begun.model().parameters()));
        StageResult result = new StageResult(
                StageOrder.VERSION,
                order.key(),
                order.member(),
                written.digest(),
                order.places().output(),
                begun.model().parameters(),
                written.weightBytes(),
                begun.state().perplexityBefore(),
                after,
                begun.state().perplexityOfInput(),
                recovered.tokens(),
                recovered.secondsBefore() + time.getAsDouble(),
                RankSummary.of(begun.model().shape()));
        Json.writeAtomically(output.path().resolve(Members.RUN), result);
        written.finish();
        return result;
    }

    /** The manifest without its files. */
    private Manifest facts(Begun begun, SortedMap<String, Double> after) {
        return new Manifest(
                StageOrder.VERSION,
                order.key(),
                new TreeMap<>(),
                order.input().digest(),
                order.parent().digest(),
                order.parentName(),
                order.training() == null ? "" : order.training().digest(),
                asCut(begun.model()),
                order.recovery(),
                begun.model().parameters(),
                begun.state().perplexityBefore(),
                after,
                Versions.all());
    }

    /** What was cut: a global allocation has found its ranks here, those of the order stay as they are. */
    private Cut asCut(LanguageModel made) {
        return switch (order.cut().allocation()) {
            case Uniform -> order.cut();
            case Global -> order.cut().withRanks(made.shape().ranks());
        };
    }

    /** Begins a phase that ends at its next step where a stop was asked for. */
    private Progression phase(String name, long total) {
        Progression phase = reporter.begin(name, 0, total);
        return done -> {
            stop.endIfAsked(name);
            phase.at(done);
        };
    }
}
