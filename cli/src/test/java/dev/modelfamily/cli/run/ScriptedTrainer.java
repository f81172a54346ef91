package dev.modelfamily.cli.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.contract.DataRef;
import dev.modelfamily.contract.DataSource;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.FileEntry;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Manifest;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.PrepareOrder;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.PreparedData;
import dev.modelfamily.contract.Progress;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.contract.StageResult;
import dev.modelfamily.planner.ModelShapes;
import dev.modelfamily.planner.Parameters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/**
 * A trainer without a tensor that keeps the contract: it computes a chain of digests, one link a step, with checkpoints, and is
 * done in well under a second. What it does else stands in the file that the property {@value #SCRIPT} names: a line for each time that it
 * is to misbehave, {@code MEMBER DEED}, which is used up by doing it.
 */
public final class ScriptedTrainer {
    static final String SCRIPT = "script";
    private static final int STEPS = 20;
    private static final int STEP_MILLIS = 10;
    private static final int CHECKPOINT_STEPS = 5;

    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean stop;

    private ScriptedTrainer() {}

    /** {@code prepare ORDER --result FILE} or {@code stage ORDER --result FILE}; anything else is printed back. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (!List.of("prepare", "stage").contains(arguments[0])) {
            System.out.println(String.join("|", arguments));
            System.exit(arguments.length);
        }
        Path order = Path.of(arguments[1]);
        Path result = Path.of(arguments[3]);
        ScriptedTrainer trainer = new ScriptedTrainer();
        Runtime.getRuntime().addShutdownHook(new Thread(trainer::askAndWait));
        int code = 70;
        try {
            Object made = arguments[0].equals("prepare")
                    ? trainer.prepare(Json.read(order, PrepareOrder.class))
                    : trainer.stage(Json.read(order, StageOrder.class));
            Files.writeString(result, Json.line(made));
            code = 0;
        } catch (StageException e) {
            Files.writeString(result, e.getMessage());
            System.err.println("error: " + e.getMessage());
            code = e.exitCode().code();
        } finally {
            trainer.done.countDown();
        }
        System.exit(code);
    }

    private void askAndWait() {
        stop = true;
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private PrepareResult prepare(PrepareOrder order) throws IOException, InterruptedException {
        misbehave("parent");
        Path parent = Path.of(order.parentUri().substring("file:".length()));
        var config = Json.mapper().readTree(Files.readAllBytes(parent.resolve("config.json")));
        String digest = order.headersOnly() ? "" : digest(Files.readString(parent.resolve("config.json")));
        List<PreparedData> data = new ArrayList<>();
        for (var source : order.headersOnly() ? List.<DataSource>of() : order.data()) {
            Path text = Path.of(source.uri().substring("file:".length()));
            Path place = Path.of(order.output(), "data", source.name());
            Files.createDirectories(place);
            Files.copy(text, place.resolve("tokens.bin"), StandardCopyOption.REPLACE_EXISTING);
            String content = digest(Files.readString(text));
            data.add(new PreparedData(
                    new DataRef(source.name(), place.toString(), content, source.maxWindows()),
                    content,
                    50_000,
                    10,
                    0));
        }
        Files.createDirectories(Path.of(order.output()));
        PrepareResult result = new PrepareResult(
                StageOrder.VERSION,
                new ModelRef(parent.toString(), digest),
                digest,
                config,
                Parameters.of(ModelShapes.of(config)),
                data);
        Json.writeAtomically(Path.of(order.output(), "result.json"), result);
        return result;
    }

    private StageResult stage(StageOrder order) throws IOException, InterruptedException {
        Path output = Files.createDirectories(Path.of(order.places().output()));
        Path checkpoint =
                Files.createDirectories(Path.of(order.places().checkpoints())).resolve("checkpoint.json");
        ObjectNode state = Files.exists(checkpoint)
                ? (ObjectNode) Json.mapper().readTree(Files.readAllBytes(checkpoint))
                : Json.mapper()
                        .createObjectNode()
                        .put("step", 0)
                        .put("chain", order.input().digest() + order.key());
        while (state.path("step").asInt() < STEPS) {
            int step = state.path("step").asInt() + 1;
            report(order, step);
            if (step == STEPS / 2) {
                misbehave(order.member());
            }
            Thread.sleep(STEP_MILLIS);
            state.put("step", step).put("chain", digest(state.path("chain").asText() + step));
            if (step % CHECKPOINT_STEPS == 0 || stop) {
                Json.writeAtomically(checkpoint, state);
            }
            if (stop) {
                throw new StageException(ExitCode.TERMINATED, "stopped after step " + step);
            }
        }
        return export(order, output, state.path("chain").asText());
    }

    private static StageResult export(StageOrder order, Path output, String chain) throws IOException {
        Map<String, String> contents = new LinkedHashMap<>();
        contents.put("model.safetensors", chain);
        contents.put("config.json", "{}");
        contents.put("loss.jsonl", "");
        SortedMap<String, FileEntry> files = new TreeMap<>();
        for (Map.Entry<String, String> file : contents.entrySet()) {
            Path path = output.resolve(file.getKey());
            Files.writeString(path, file.getValue());
            files.put(file.getKey(), new FileEntry(digest(file.getValue()).substring(7), Files.size(path)));
        }
        SortedMap<String, Double> before = new TreeMap<>();
        SortedMap<String, Double> after = new TreeMap<>();
        SortedMap<String, Double> ofInput = new TreeMap<>();
        for (DataRef set : order.evaluation()) {
            before.put(set.name(), 1_234_567.0);
            after.put(set.name(), 40.125);
            ofInput.put(set.name(), 24.5);
        }
        long parameters = order.cut().targetParameters();
        Manifest manifest = new Manifest(
                StageOrder.VERSION,
                order.key(),
                files,
                order.input().digest(),
                order.parent().digest(),
                order.parentName(),
                order.training().digest(),
                order.cut(),
                order.recovery(),
                parameters,
                before,
                after,
                new TreeMap<>());
        String digest = digest(new String(
                Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest), StandardCharsets.UTF_8));
        StageResult result = new StageResult(
                StageOrder.VERSION,
                order.key(),
                order.member(),
                digest,
                output.toString(),
                parameters,
                4 * parameters,
                before,
                after,
                ofInput,
                order.recovery().tokens(),
                12.5,
                "");
        Json.writeAtomically(output.resolve("run.json"), result);
        Json.writeAtomically(output.resolve("manifest.json"), manifest);
        return result;
    }

    private static void report(StageOrder order, int step) {
        System.out.println(Json.line(new Progress(
                StageOrder.VERSION,
                order.key(),
                order.member(),
                order.attempt(),
                "recover",
                step * 1000L,
                STEPS * 1000L,
                5000,
                3.5 - step * 0.01,
                1e-3,
                0.5,
                STEPS - step)));
        System.out.flush();
    }

    /** The first deed of the script for a member. */
    private void misbehave(String member) throws IOException, InterruptedException {
        Optional<String> deed = takeDeed(member);
        if (deed.isEmpty()) {
            return;
        }
        switch (deed.get()) {
            case "hang" -> {
                while (!stop) {
                    Thread.sleep(20);
                }
            }
            case "hang-deaf" -> new CountDownLatch(1).await();
            case "abort" -> Runtime.getRuntime().halt(134);
            default -> throw new StageException(codeOf(deed.get()), "the script says " + deed.get());
        }
    }

    private static ExitCode codeOf(String name) {
        return ExitCode.valueOf(name);
    }

    private static Optional<String> takeDeed(String member) throws IOException {
        String script = System.getProperty(SCRIPT);
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of(script)));
        Optional<String> line =
                lines.stream().filter(deed -> deed.startsWith(member + " ")).findFirst();
        if (line.isPresent()) {
            lines.remove(line.get());
            Files.write(Path.of(script), lines);
        }
        return line.map(deed -> deed.substring(member.length() + 1));
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
