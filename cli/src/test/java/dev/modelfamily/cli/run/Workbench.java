package dev.modelfamily.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.cli.Main;
import dev.modelfamily.cli.folder.FamilyRecord;
import dev.modelfamily.cli.folder.RunFolder;
import dev.modelfamily.cli.process.TrainerProgram;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A folder with a family to make and the tool. */
final class Workbench {
    private static final String CONFIG = """
            {"model_type": "llama", "num_hidden_layers": 2, "hidden_size": 64, "intermediate_size": 128,
             "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 256, "max_position_embeddings": 512,
             "tie_word_embeddings": true}
            """;

    private static final String REAL_TRAINING =
            "training: {sequenceLength: 64, batchTokens: \"512\", learningRate: \"1e-3\", checkpointInterval: 1s}";

    private static final String FAMILY = """
            apiVersion: modelfamily.dev/v1alpha1
            kind: ModelFamily
            metadata: {name: tiny}
            spec:
              parent: {uri: file:parent}
              data:
                training: {uri: file:training.txt}
                evaluation:
                - {name: docs, uri: file:docs.txt}
              method: {preset: PLRD, rankMultiple: 1}
              training: {sequenceLength: 128, batchTokens: "1024"}
              retry: {initialBackoff: 0s}
              members:
              - {name: large, size: 85%, tokens: 20k}
              - {name: medium, size: 70%, tokens: 20k}
              - {name: small, size: 55%, tokens: 20k}
            """;

    private final Path home;
    private final String trainer;
    private final Map<Long, Path> outputs = new TreeMap<>();

    private Workbench(Path home, String trainer) {
        this.home = home;
        this.trainer = trainer;
    }

    /** How a command of the tool ended. */
    record Ended(int code, String out, String err) {}

    /** With the {@link ScriptedTrainer} and a parent that is no more than a configuration. */
    static Workbench in(Path home) throws IOException {
        Files.createDirectories(home.resolve("parent"));
        Files.writeString(home.resolve("parent/config.json"), CONFIG);
        Files.writeString(home.resolve("training.txt"), "Texts to train on.");
        Files.writeString(home.resolve("docs.txt"), "Texts to measure on.");
        Files.writeString(home.resolve("script"), "");
        Workbench bench = new Workbench(home, ScriptedTrainer.class.getName());
        bench.family(FAMILY);
        return bench;
    }

    /** With the real trainer and a parent of 50 thousand parameters, trained for a moment. */
    static Workbench withRealTrainer(Path home) throws IOException, InterruptedException {
        Workbench bench = new Workbench(home, dev.modelfamily.trainer.Main.class.getName());
        Files.writeString(home.resolve("training.txt"), Texts.paragraphs(1, 400));
        Files.writeString(home.resolve("docs.txt"), Texts.paragraphs(2, 40));
        Files.writeString(home.resolve("texts.jsonl"), Texts.jsonLines(3, 400));
        bench.family(FAMILY.replace("training: {sequenceLength: 128, batchTokens: \"1024\"}", REAL_TRAINING)
                .replace("tokens: 20k", "tokens: 4k"));
        Ended pretraining = bench.trainer(
                "pretrain --texts texts.jsonl --out parent --work work --vocabulary 320 --hidden 48"
                        + " --intermediate 96 --layers 2 --heads 4 --kv-heads 2 --sequence-length 64 --batch-tokens 512 --tokens 4096 --threads 1");
        assertThat(pretraining.code()).as(pretraining.err()).isZero();
        return bench;
    }

    private Ended trainer(String arguments) throws IOException, InterruptedException {
        return end(started(ToolUnderTest.trainer(trainer, "").with(List.of(arguments.split(" ")))));
    }

    Path file() {
        return home.resolve("family.yaml");
    }

    RunFolder folder() {
        return new RunFolder(home.resolve("out"));
    }

    /** The family that is written in the folder. */
    ModelFamily recorded() {
        return FamilyRecord.read(folder()).orElseThrow();
    }

    void family(String yaml) throws IOException {
        Files.writeString(file(), yaml);
    }

    /** The family's file with one text in place of another. */
    void edit(String text, String other) throws IOException {
        String before = Files.readString(file());
        if (!before.contains(text)) {
            throw new IllegalArgumentException("the family has no '" + text + "'");
        }
        family(before.replace(text, other));
    }

    /** What the trainer is to do else, a line each time: {@code MEMBER DEED}. */
    void script(String... deeds) throws IOException {
        Files.write(script(), List.of(deeds));
    }

    /** A run to its end, in this process. */
    Ended run(String... options) {
        return tool(runWith(options));
    }

    /** A run in a process of its own. */
    Process startRun(String... options) throws IOException {
        return start(runWith(options));
    }

    private String[] runWith(String... options) {
        List<String> all = new ArrayList<>(
                List.of("run", file().toString(), "--out", folder().root().toString()));
        all.addAll(List.of(options));
        return all.toArray(String[]::new);
    }

    /** A command of the tool in this process. */
    Ended tool(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine(() -> ToolUnderTest.trainer(trainer, script().toString()))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Ended(code, out.toString(), err.toString());
    }

    private Path script() {
        return home.resolve("script");
    }

    /** A command of the tool in a process of its own. */
    Ended toolInProcess(String... arguments) throws IOException, InterruptedException {
        return end(start(arguments));
    }

    /** Waits for the end of the tool. */
    Ended end(Process process) throws IOException, InterruptedException {
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("the tool has not ended after two minutes: " + Files.readString(err(process)));
        }
        return new Ended(process.exitValue(), Files.readString(out(process)), Files.readString(err(process)));
    }

    /** A run on a terminal of its own, whose keyboard is the standard input of the process. */
    Process startRunOnATerminal() throws IOException {
        String run = String.join(
                " ", command("run", file().toString(), "--out", folder().root().toString()));
        return started(new ProcessBuilder("script", "--quiet", "--return", "--flush", "--command", run, "/dev/null"));
    }

    private Process start(String... arguments) throws IOException {
        return started(new ProcessBuilder(command(arguments)));
    }

    private List<String> command(String... arguments) {
        // A shell's background job ignores Ctrl-C, and so would all that it starts.
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                TrainerProgram.java(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ToolUnderTest.class.getName(),
                trainer,
                script().toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private Process started(ProcessBuilder builder) throws IOException {
        Path out = Files.createTempFile(home, "tool", ".out");
        builder.directory(home.toFile())
                .redirectOutput(out.toFile())
                .redirectError(Path.of(out + ".err").toFile());
        Process process = builder.start();
        outputs.put(process.pid(), out);
        return process;
    }

    private Path out(Process process) {
        return outputs.get(process.pid());
    }

    /** What the tool has printed to standard error so far is in this file. */
    Path err(Process process) {
        return Path.of(out(process) + ".err");
    }

    /** Waits until an attempt is where its script lets it hang. */
    void awaitHanging(String member, int attempt) throws InterruptedException {
        await(() -> text(folder().log(member, attempt)).contains("\"done\":10000,"));
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not happen within a minute");
            }
            Thread.sleep(20);
        }
    }

    static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes of all files of the finished members but those of the clock, by member and name. */
    SortedMap<String, String> members() throws IOException {
        SortedMap<String, String> contents = new TreeMap<>();
        try (Stream<Path> links = Files.list(folder().members())) {
            for (Path member : links.toList()) {
                try (Stream<Path> files = Files.list(member)) {
                    for (Path file :
                            files.filter(path -> !path.endsWith("run.json")).toList()) {
                        contents.put(
                                member.getFileName() + "/" + file.getFileName(),
                                Files.readString(file, StandardCharsets.ISO_8859_1));
                    }
                }
            }
        }
        return contents;
    }
}
