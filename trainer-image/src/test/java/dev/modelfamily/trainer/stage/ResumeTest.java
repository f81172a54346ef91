package dev.modelfamily.trainer.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Places;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.trainer.recover.StopSignal;
import dev.modelfamily.trainer.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("torch")
class ResumeTest {
    @TempDir
    private Path folder;

    private TinyFamily family;
    private StageOrder order;

    @BeforeEach
    void makeParent() {
        Torch.setThreads(1);
        family = new TinyFamily(folder);
        order = family.order("large");
    }

    /** The bytes of the member that is made by the same order where nothing disturbs it. */
    private SortedMap<String, String> undisturbed() {
        Path output = folder.resolve("undisturbed");
        Stages.run(Stages.with(
                order,
                new Places(
                        output.toString(),
                        folder.resolve("undisturbed-checkpoints").toString())));
        return Stages.bytes(output);
    }

    /** Runs the stage until its progress says a phase, and so much of it is done. */
    private void stopAt(String phase, int done) {
        StopSignal stop = new StopSignal();
        assertThatThrownBy(() -> Stages.run(order, stop, line -> {
                    if (line.contains("\"phase\":\"" + phase + "\"") && line.contains("\"done\":" + done + ",")) {
                        stop.ask();
                    }
                }))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.TERMINATED));
    }

    private List<Path> checkpoints(String ending) throws IOException {
        try (Stream<Path> files = Files.list(family.checkpoints("large"))) {
            return files.filter(file -> file.getFileName().toString().matches("step-\\d+" + ending))
                    .sorted(Comparator.comparingLong(
                            file -> Long.parseLong(file.getFileName().toString().replaceAll("\\D", ""))))
                    .toList();
        }
    }

    private void flipAByte(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 1;
        Files.write(file, content);
    }

    @ParameterizedTest
    @CsvSource({"load,0", "decompose,0", "evaluate,0", "recover,128", "export,0"})
    void aStoppedStageGoesOnToTheSameBytes(String phase, int done) {
        stopAt(phase, done);

        Stages.run(order);

        assertThat(Stages.bytes(family.output("large", 1))).isEqualTo(undisturbed());
    }

    @Test
    void anotherAttemptGoesOnFromTheCheckpointsOfTheFirst() {
        stopAt("recover", 128);
        Path second = family.output("large", 2);
        order = Stages.with(
                order, new Places(second.toString(), family.checkpoints("large").toString()));

        Stages.run(order);

        assertThat(Stages.bytes(second)).isEqualTo(undisturbed());
    }

    @Test
    void aDamagedCheckpointCostsOneInterval() throws Exception {
        stopAt("recover", 128);
        Stages.run(order);
        Files.delete(family.output("large", 1).resolve("manifest.json"));
        flipAByte(checkpoints("\\.tensors").getLast());

        Stages.run(order);

        assertThat(Stages.bytes(family.output("large", 1))).isEqualTo(undisturbed());
    }

    @Test
    void withoutAnyWholeCheckpointTheStageBeginsAnew() throws Exception {
        Stages.run(order);
        Files.delete(family.output("large", 1).resolve("manifest.json"));
        flipAByte(checkpoints("\\.tensors").getFirst());
        Files.writeString(checkpoints("\\.json").getLast(), "{\"version\":");

        Stages.run(order);

        assertThat(Stages.bytes(family.output("large", 1))).isEqualTo(undisturbed());
    }

    @Test
    void aCheckpointThatKnowsMoreOfTheLossThanIsThereIsPassedOver() throws Exception {
        Stages.run(order);
        Files.delete(family.output("large", 1).resolve("manifest.json"));
        Path loss = family.checkpoints("large").resolve("loss.jsonl");
        List<String> lines = Files.readAllLines(loss);
        Files.write(loss, lines.subList(0, lines.size() - 1));

        Stages.run(order);

        assertThat(Stages.bytes(family.output("large", 1))).isEqualTo(undisturbed());
    }

    @Test
    void checkpointsOfAnotherStageAreNotUsed() {
        stopAt("recover", 128);
        StageOrder other = family.order("other");
        Path output = family.output("other", 1);
        Stages.run(Stages.with(
                other, new Places(output.toString(), family.checkpoints("large").toString())));

        assertThat(Stages.bytes(output).get("loss.jsonl"))
                .isEqualTo(undisturbed().get("loss.jsonl"));
    }
}
