package dev.modelfamily.cli.report;

import dev.modelfamily.contract.Json;
import dev.modelfamily.planner.Linear;
import dev.modelfamily.planner.Linears;
import dev.modelfamily.planner.ModelShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Logs and ranks that look like those of real stages: a steep fall, then a power law with noise; fragile matrices kept. */
final class Curves {
    private Curves() {}

    /**
     * How the cross-entropy of a stage falls, in nats.
     *
     * @param parents what the training loss is less than that: the parent's own where training goes towards the parent
     */
    record Course(int steps, int done, int batch, double first, double last, double parents) {
        double at(int step) {
            double fall = Math.exp(-step / (0.03 * steps));
            double slow = Math.pow(1 + step / (0.08 * steps), -0.7);
            return last + (first - last) * (0.75 * fall + 0.25 * slow);
        }
    }

    /** Writes {@code loss.jsonl} and {@code evaluation.jsonl}; sets by the parent's perplexity. */
    static void write(Path folder, Course course, Map<String, Double> sets) throws IOException {
        Random random = new Random(7);
        List<String> losses = new ArrayList<>();
        List<String> evaluations = new ArrayList<>();
        double firstSet = sets.values().stream().findFirst().map(Math::log).orElse(0.0);
        for (int step = 1; step <= course.done(); step++) {
            double share = (double) step / course.steps();
            double warmup = Math.min(1, share / 0.02);
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("step", step);
            line.put("tokens", (long) step * course.batch());
            line.put("loss", course.at(step) - course.parents() + 0.08 * random.nextGaussian());
            line.put("learningRate", 3e-4 * warmup * 0.5 * (1 + Math.cos(Math.PI * share)));
            line.put("gradientNorm", 0.6 + 2 * Math.exp(-share * 12) + Math.abs(0.2 * random.nextGaussian()));
            losses.add(Json.line(line));
            if (step % Math.max(1, course.steps() / 8) == 0) {
                for (Map.Entry<String, Double> set : sets.entrySet()) {
                    double loss = course.at(step) + Math.log(set.getValue()) - firstSet + 0.05;
                    Map<String, Object> measurement = new LinkedHashMap<>();
                    measurement.put("tokens", (long) step * course.batch());
                    measurement.put("set", set.getKey());
                    measurement.put("perplexity", Math.exp(loss));
                    evaluations.add(Json.line(measurement));
                }
            }
        }
        Files.write(folder.resolve("loss.jsonl"), losses);
        Files.write(folder.resolve("evaluation.jsonl"), evaluations);
    }

    /** Ranks near a share: the first and last layers and v, up and down keep more, so that some matrices stay dense. */
    static SortedMap<String, Integer> ranks(ModelShape shape, double keep) {
        SortedMap<String, Integer> ranks = new TreeMap<>();
        int index = 0;
        for (Linear linear : Linears.of(shape)) {
            int layer = index / 7;
            boolean fragile = linear.name().matches(".*(v|up|down)_proj");
            double edge = layer == 0 || layer == shape.layers() - 1 ? 0.3 : 0;
            double wave = 0.08 * Math.sin(layer * 0.55 + index % 7);
            double share = keep + edge + wave + (fragile ? 0.1 : -0.1);
            int rank = 8 * (int) Math.max(1, share * linear.dense() / linear.perRank() / 8);
            if (rank < linear.breakEven()) {
                ranks.put(linear.name(), rank);
            }
            index++;
        }
        return ranks;
    }
}
