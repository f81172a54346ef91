package dev.modelfamily.trainer.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.DataFormat;
import dev.modelfamily.contract.DataSource;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.PrepareOrder;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.Reporting;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.trainer.Main;
import dev.modelfamily.trainer.fetch.FakeHub;
import dev.modelfamily.trainer.fetch.FakeHub.Asked;
import dev.modelfamily.trainer.fetch.Fault;
import dev.modelfamily.trainer.weights.Models;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as executors start it: a process with an order, exit codes, and kills at any moment. */
@Tag("process")
class PrepareProcessTest {
    private static final String WEIGHTS = "model.safetensors";
    private static final byte[] TEXTS = "{\"text\":\"some words\"}\n{\"text\":\"other words\"}\n"
            .repeat(500)
            .getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private final FakeHub hub = new FakeHub();
    private final List<Process> started = new ArrayList<>();
    private Path original;

    @BeforeEach
    void aRepository() throws IOException {
        original = TinyModel.whole().write(folder.resolve("original"));
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(original)) {
            for (Path file : all.toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        hub.commit("models/o/n", "main", files);
        hub.commit("datasets/o/texts", "main", Map.of("train.jsonl", TEXTS));
    }

    @AfterEach
    void close() {
        started.forEach(Process::destroyForcibly);
        hub.close();
    }

    @Test
    void aPreparationFromTheHubEndsWithItsResult() throws Exception {
        assertThat(exitCode(prepare("out", "o/n"))).isEqualTo(ExitCode.DONE.code());
        PrepareResult result = result("out");
        assertThat(result.parent().digest()).isEqualTo(Models.digest(original, _ -> {}));
        assertThat(result.data().getFirst().documents()).isEqualTo(1000);
        String line = Files.readString(folder.resolve("out.line"));
        assertThat(Json.mapper().readValue(line, PrepareResult.class).parent()).isEqualTo(result.parent());
        assertThat(line.lines()).hasSize(1);
    }

    @Test
    void aKilledPreparationGoesOnToTheSameResult() throws Exception {
        assertThat(exitCode(prepare("undisturbed", "o/n"))).isZero();
        deleteCache();
        CountDownLatch never = new CountDownLatch(1);
        hub.fault(WEIGHTS, new Fault.Stall(8000, never));
        Process killed = prepare("out", "o/n");
        await(() -> hub.asked(WEIGHTS).size() == 4 && partHas(8000));
        killed.destroyForcibly().waitFor();
        assertThat(folder.resolve("out/result.json")).doesNotExist();

        assertThat(exitCode(prepare("out", "o/n"))).isZero();
        never.countDown();
        assertThat(hub.asked(WEIGHTS)).last().extracting(Asked::range).isEqualTo("bytes=8000-");
        assertThat(result("out").parent().digest())
                .isEqualTo(result("undisturbed").parent().digest());
        assertThat(result("out").data().getFirst().ref().digest())
                .isEqualTo(result("undisturbed").data().getFirst().ref().digest());
    }

    @Test
    void twoProcessesFetchEachFileOnce() throws Exception {
        Process one = prepare("one", "o/n");
        Process two = prepare("two", "o/n");
        assertThat(exitCode(one)).isZero();
        assertThat(exitCode(two)).isZero();
        assertThat(result("one").parent().digest())
                .isEqualTo(result("two").parent().digest());
        assertThat(hub.asked(WEIGHTS)).extracting(Asked::server).containsExactly("hub", "storage");
    }

    @Test
    void whatIsWrongIsTheLastLineAndInTheResultFile() throws Exception {
        assertThat(exitCode(prepare("out", "o/other"))).isEqualTo(ExitCode.NOT_FOUND.code());
        String sentence = Files.readString(folder.resolve("out.line"));
        assertThat(sentence).startsWith("hf://o/other does not exist at " + hub.endpoint());
        assertThat(Files.readString(folder.resolve("out.err"))).endsWith("error: " + sentence + "\n");
    }

    @Test
    void anOrderWithoutAParentIsABadOrder() throws Exception {
        Path order = Files.writeString(folder.resolve("order.json"), "{\"version\":1,\"family\":\"f\"}");
        assertThat(exitCode(start("out", order))).isEqualTo(ExitCode.BAD_ORDER.code());
        assertThat(Files.readString(folder.resolve("out.err"))).contains("error: " + order + ": parentUri is missing");
    }

    private PrepareResult result(String name) {
        return Json.read(folder.resolve(name).resolve("result.json"), PrepareResult.class);
    }

    private Process prepare(String name, String repository) throws IOException {
        Path order = folder.resolve(name + ".json");
        Json.writeAtomically(
                order,
                new PrepareOrder(
                        StageOrder.VERSION,
                        "family",
                        "hf://" + repository,
                        "",
                        "",
                        List.of(new DataSource(
                                DataSource.TRAINING,
                                "hf://datasets/o/texts",
                                "",
                                "",
                                "train",
                                DataFormat.Jsonl,
                                "text",
                                1,
                                "",
                                0)),
                        0.01,
                        false,
                        folder.resolve(name).toString(),
                        new Reporting(0, 1, 0)));
        return start(name, order);
    }

    private Process start(String name, Path order) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "prepare",
                        order.toString(),
                        "--result",
                        folder.resolve(name + ".line").toString())
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .redirectError(folder.resolve(name + ".err").toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(variable -> variable.startsWith("HF_"));
        environment.put("HF_ENDPOINT", hub.endpoint().toString());
        environment.put("MODELFAMILY_CACHE", folder.resolve("cache").toString());
        environment.put("HOME", folder.toString());
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("the process ends").isTrue();
        return process.exitValue();
    }

    private boolean partHas(long bytes) {
        try (Stream<Path> blobs = Files.list(folder.resolve("cache/models--o--n/blobs"))) {
            return blobs.anyMatch(
                    file -> file.toString().endsWith(".part") && file.toFile().length() == bytes);
        } catch (IOException e) {
            return false;
        }
    }

    private void deleteCache() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("cache"))) {
            all.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 3000 && !condition.getAsBoolean(); i++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(condition.getAsBoolean()).as("it comes to that").isTrue();
    }
}
