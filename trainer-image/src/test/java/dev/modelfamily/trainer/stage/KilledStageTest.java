package dev.modelfamily.trainer.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.Places;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.contract.StageResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class KilledStageTest {
    /** Every checkpoint is a moment to be killed in. */
    private static final int STEPS = 120;

    @TempDir
    private Path folder;

    private TinyFamily family;
    private StageOrder order;

    @BeforeEach
    void makeParent() {
        family = new TinyFamily(folder);
        order = Stages.with(family.order("large"), TinyFamily.recovery(STEPS));
    }

    private StageOrder attempt(int number) {
        return Stages.with(
                order,
                new Places(
                        family.output("large", number).toString(),
                        family.checkpoints("large").toString()));
    }

    private SortedMap<String, String> undisturbed() throws Exception {
        Path output = folder.resolve("undisturbed");
        Places places = new Places(
                output.toString(), folder.resolve("undisturbed-checkpoints").toString());
        try (StageProcess process = StageProcess.start(Stages.with(order, places), folder)) {
            assertThat(process.exitCode()).as(process.errors()).isZero();
            assertThat(Json.mapper().readValue(process.result(), StageResult.class))
                    .isEqualTo(Json.read(output.resolve("run.json"), StageResult.class));
        }
        return Stages.bytes(output);
    }

    @Test
    void aStageThatIsKilledTenTimesMakesTheSameMember() throws Exception {
        Random random = new Random(20_240_619);
        List<String> phases = List.of(
                "load",
                "decompose",
                "evaluate",
                "recover",
                "recover",
                "recover",
                "recover",
                "evaluate",
                "export",
                "verify");
        int killed = 0;
        for (int i = 0; i < phases.size(); i++) {
            // Two kills in one output folder, then another attempt, as an executor may do.
            StageOrder now = attempt(1 + i / 2);
            try (StageProcess process = StageProcess.start(now, folder)) {
                boolean reached = process.reaches("\"phase\":\"" + phases.get(i) + "\"");
                assertThat(reached).as(phases.get(i) + process.errors()).isTrue();
                TimeUnit.MICROSECONDS.sleep(random.nextInt(phases.get(i).equals("recover") ? 400_000 : 30_000));
                process.kill();
                killed += process.exitCode() == 137 ? 1 : 0;
            }
            // One that was too fast to be killed left a whole member; without its manifest it is made again.
            Files.deleteIfExists(Path.of(now.places().output(), "manifest.json"));
        }
        assertThat(killed).isGreaterThanOrEqualTo(8);
        StageOrder last = attempt(6);
        try (StageProcess process = StageProcess.start(last, folder)) {
            assertThat(process.exitCode()).as(process.errors()).isZero();
        }
        assertThat(Stages.bytes(Path.of(last.places().output()))).isEqualTo(undisturbed());
    }

    @Test
    void aStageByThisProjectsOwnMethodThatIsKilledMakesTheSameMember() throws Exception {
        order = family.standard(order, 0.7);
        for (String phase : List.of("calibrate", "decompose", "recover", "recover")) {
            try (StageProcess process = StageProcess.start(order, folder)) {
                assertThat(process.reaches("\"phase\":\"" + phase + "\""))
                        .as(phase + process.errors())
                        .isTrue();
                process.kill();
                assertThat(process.exitCode()).as(phase).isEqualTo(137);
            }
        }
        try (StageProcess process = StageProcess.start(order, folder)) {
            assertThat(process.exitCode()).as(process.errors()).isZero();
            assertThat(process.errors()).contains("going on from step ");
        }
        assertThat(Stages.bytes(family.output("large", 1))).isEqualTo(undisturbed());
    }

    @Test
    void aStageThatIsToldToStopWritesACheckpointAndGoesOnFromIt() throws Exception {
        try (StageProcess process = StageProcess.start(order, folder)) {
            assertThat(process.reaches("\"phase\":\"recover\"")).isTrue();
            process.terminate();
            assertThat(process.exitCode()).isEqualTo(ExitCode.TERMINATED.code());
            assertThat(process.errors().strip()).contains("error: stopped after ");
            assertThat(process.result()).startsWith("stopped after ");
        }
        assertThat(family.output("large", 1).resolve("manifest.json")).doesNotExist();
        try (StageProcess process = StageProcess.start(order, folder)) {
            assertThat(process.exitCode()).isZero();
            assertThat(process.errors()).contains("going on from step ");
        }
        assertThat(Stages.bytes(family.output("large", 1))).isEqualTo(undisturbed());
    }

    @Test
    void aFullDiskLosesNothing() throws Exception {
        SortedMap<String, String> undisturbed = undisturbed();
        // Enough for the weights, not for a checkpoint, which is three times as large.
        int weights = undisturbed.get("model.safetensors").length() / 1024;
        try (StageProcess process = StageProcess.start(order, folder, String.valueOf(2 * weights))) {
            assertThat(process.exitCode()).isEqualTo(ExitCode.UNREACHABLE.code());
            assertThat(process.errors()).contains("error: cannot write the checkpoint ", " are free)");
        }
        // Enough for neither, with the checkpoints of a whole run.
        StageOrder done = Stages.with(
                order,
                new Places(
                        family.output("large", 1).toString(),
                        folder.resolve("undisturbed-checkpoints").toString()));
        try (StageProcess process = StageProcess.start(done, folder, String.valueOf(weights / 2))) {
            assertThat(process.exitCode()).isEqualTo(ExitCode.UNREACHABLE.code());
            assertThat(process.errors()).contains("error: cannot write ");
        }
        assertThat(family.output("large", 1).resolve("manifest.json")).doesNotExist();
        assertThat(family.output("large", 1).resolve("model.safetensors")).doesNotExist();
        try (StageProcess process = StageProcess.start(order, folder)) {
            assertThat(process.exitCode()).isZero();
        }
        assertThat(Stages.bytes(family.output("large", 1))).isEqualTo(undisturbed);
    }

    @Test
    void anOrderThatCannotBeReadEndsWith64AndOneSentence() throws Exception {
        StageOrder wrong = Stages.with(order, TinyFamily.recovery(-1));
        try (StageProcess process = StageProcess.start(wrong, folder)) {
            assertThat(process.exitCode()).isEqualTo(ExitCode.BAD_ORDER.code());
            assertThat(process.result()).startsWith("the order is wrong: recovery.tokens is -128");
            assertThat(process.errors().lines().toList().getLast()).isEqualTo("error: " + process.result());
        }
    }
}
