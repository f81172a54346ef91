package dev.modelfamily.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.cli.report.LossCurve.Step;
import dev.modelfamily.cli.report.ReportData.Evaluation;
import dev.modelfamily.contract.Manifest;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.contract.StageResult;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.ModelShapes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What lies in the folder of a member or of an attempt at it.
 *
 * @param manifest absent while the member is unfinished
 * @param config of the exported member
 * @param cutErrors the share of the squared norm that the cut dropped, by linear; empty where the trainer did not write it
 */
record MemberFiles(
        Optional<Manifest> manifest,
        Optional<StageResult> result,
        Optional<JsonNode> config,
        LossCurve curve,
        List<Evaluation> evaluations,
        Map<String, Double> cutErrors) {
    static final MemberFiles NONE = new MemberFiles(
            Optional.empty(), Optional.empty(), Optional.empty(), LossCurve.NOTHING, List.of(), Map.of());

    static MemberFiles read(Path folder, LenientJson json) {
        List<Step> steps = new ArrayList<>();
        json.readLines(folder.resolve("loss.jsonl"), line -> takeStep(line, steps));
        List<Evaluation> evaluations = new ArrayList<>();
        json.readLines(folder.resolve("evaluation.jsonl"), line -> takeEvaluation(line, evaluations));
        return new MemberFiles(
                json.read(folder.resolve("manifest.json"), Manifest.class),
                json.read(folder.resolve("run.json"), StageResult.class),
                json.read(folder.resolve("config.json"), JsonNode.class),
                LossCurve.of(steps),
                List.copyOf(evaluations),
                errors(json.read(folder.resolve("cut-errors.json"), JsonNode.class)));
    }

    /** Whether anything of a stage was found. */
    boolean isEmpty() {
        return manifest.isEmpty() && curve.steps() == 0 && evaluations.isEmpty();
    }

    /** The member's shape with its ranks: as its own configuration has it, else the parent's with the ranks that were ordered. */
    Optional<ModelShape> shape(Optional<ModelShape> parent, List<String> notes) {
        try {
            Optional<ModelShape> own = config.map(ModelShapes::of);
            if (own.isPresent()) {
                return own;
            }
        } catch (StageException e) {
            notes.add("config.json of a member " + e.getMessage() + "; its ranks are those of its manifest");
        }
        return manifest.map(Manifest::cut)
                .filter(cut -> cut.ranks() != null && !cut.ranks().isEmpty())
                .flatMap(cut -> parent.map(shape -> shape.withRanks(cut.ranks())));
    }

    private static boolean takeStep(JsonNode line, List<Step> steps) {
        if (!line.path("tokens").isIntegralNumber() || !line.has("loss")) {
            return false;
        }
        steps.add(new Step(
                line.path("tokens").asLong(),
                number(line.path("loss")),
                number(line.path("learningRate")),
                number(line.path("gradientNorm"))));
        return true;
    }

    private static boolean takeEvaluation(JsonNode line, List<Evaluation> evaluations) {
        if (!line.path("tokens").isIntegralNumber()
                || !line.path("set").isTextual()
                || Double.isNaN(number(line.path("perplexity")))) {
            return false;
        }
        evaluations.add(new Evaluation(
                line.path("tokens").asLong(), line.path("set").asText(), number(line.path("perplexity"))));
        return true;
    }

    private static Map<String, Double> errors(Optional<JsonNode> json) {
        Map<String, Double> errors = new TreeMap<>();
        json.ifPresent(object ->
                object.properties().forEach(entry -> errors.put(entry.getKey(), number(entry.getValue()))));
        return errors;
    }

    /** A number, or one of the words for what JSON has no number for: NaN, Infinity. NaN for all else. */
    static double number(JsonNode node) {
        if (node.isNumber()) {
            return node.asDouble();
        }
        return switch (node.asText()) {
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> Double.NaN;
        };
    }
}
