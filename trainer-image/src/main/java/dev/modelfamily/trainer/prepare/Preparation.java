package dev.modelfamily.trainer.prepare;

import dev.modelfamily.contract.DataSource;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.PrepareOrder;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.PreparedData;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.Parameters;
import dev.modelfamily.trainer.fetch.Corpora;
import dev.modelfamily.trainer.fetch.FetchSettings;
import dev.modelfamily.trainer.fetch.Parents;
import dev.modelfamily.trainer.model.Loading;
import dev.modelfamily.trainer.report.Progression;
import dev.modelfamily.trainer.report.Reporter;
import dev.modelfamily.trainer.tokenize.TextTokenizer;
import dev.modelfamily.trainer.weights.Models;
import dev.modelfamily.trainer.weights.OpenModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Prepares one family. Every step finds what an earlier, broken run has finished, so that it can be killed at any moment and
 * run again; {@code result.json} comes last.
 */
public final class Preparation {
    /** The file that says that all is done. */
    static final String RESULT = "result.json";

    private final PrepareOrder order;
    private final FetchSettings settings;
    private final Reporter reporter;
    private final Path output;

    public Preparation(PrepareOrder order, FetchSettings settings, Reporter reporter) {
        this.order = order;
        this.settings = settings;
        this.reporter = reporter;
        this.output = Path.of(order.output()).toAbsolutePath();
    }

    /**
     * Does the work and writes {@code result.json}.
     *
     * @throws StageException with the exit code that tells what kind of thing is wrong
     */
    public PrepareResult run() {
        makeFolder();
        Parents.Copy parent = new Parents(
                        settings, reporter, output.resolve(order.headersOnly() ? "headers" : "parent"))
                .fetch(order.parentUri(), order.parentRevision(), order.parentTokenFile(), order.headersOnly());
        List<DataSet> sets = order.headersOnly() ? List.of() : dataSets();
        try (OpenModel model = Models.open(parent.path())) {
            ModelShape shape = Loading.check(model);
            String digest = order.headersOnly() ? "" : digest(parent.path());
            PrepareResult result = new PrepareResult(
                    StageOrder.VERSION,
                    new ModelRef(parent.path().toString(), digest),
                    parent.revision().isEmpty() ? digest : parent.revision(),
                    model.config(),
                    Parameters.of(shape),
                    order.headersOnly() ? List.of() : tokenised(sets, model, shape, digest));
            Json.writeAtomically(output.resolve(RESULT), result);
            return result;
        }
    }

    private List<DataSet> dataSets() {
        Corpora corpora = new Corpora(settings, reporter);
        Map<String, List<DataSet.Part>> byName = new LinkedHashMap<>();
        for (DataSource data :
                order.data().stream().filter(source -> !Generated.is(source)).toList()) {
            byName.computeIfAbsent(data.name(), _ -> new ArrayList<>())
                    .add(new DataSet.Part(data, corpora.fetch(data)));
        }
        return byName.entrySet().stream()
                .map(set -> new DataSet(set.getKey(), set.getValue()))
                .toList();
    }

    private String digest(Path model) {
        Progression progress = reporter.begin("verify", 0, Models.bytes(model));
        AtomicLong done = new AtomicLong();
        return Models.digest(model, bytes -> progress.at(done.addAndGet(bytes)));
    }

    /** In the order in which they were asked for. */
    private List<PreparedData> tokenised(List<DataSet> sets, OpenModel model, ModelShape shape, String digest) {
        if (order.data().isEmpty()) {
            return List.of();
        }
        byte[] json = model.companions().get(Models.TOKENIZER);
        try (TextTokenizer tokenizer = TextTokenizer.of(json, "the tokenizer of " + order.parentUri())) {
            Tokenisation tokenisation = new Tokenisation(
                    output,
                    tokenizer,
                    shape.vocabulary(),
                    tokenizer.endOfText(model.config()),
                    order.maxBadLinesShare(),
                    reporter);
            Map<String, PreparedData> made = new HashMap<>();
            sets.forEach(set -> made.put(set.name(), tokenisation.make(set)));
            order.data().stream()
                    .filter(Generated::is)
                    .forEach(source ->
                            made.put(source.name(), tokenisation.sample(new Generated(source), model, digest)));
            return order.data().stream()
                    .map(DataSource::name)
                    .distinct()
                    .map(made::get)
                    .toList();
        }
    }

    private void makeFolder() {
        try {
            Files.createDirectories(output);
        } catch (IOException e) {
            throw new StageException(
                    ExitCode.UNREACHABLE, "cannot make the folder " + output + ": " + e.getMessage(), e);
        }
    }
}
