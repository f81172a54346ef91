package dev.modelfamily.trainer.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.api.v1alpha1.Recut;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.contract.StageResult;
import dev.modelfamily.trainer.torch.Torch;
import dev.modelfamily.trainer.weights.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("torch")
class BadInputTest {
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

    private AbstractThrowableAssert<?, ? extends Throwable> refused(StageOrder wrong, ExitCode code) {
        return assertThatThrownBy(() -> Stages.run(wrong))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(code));
    }

    private void noMemberIsThere() {
        assertThat(family.output("large", 1).resolve("manifest.json")).doesNotExist();
    }

    @Test
    void aParentThatWasChangedIsNamedWithBothDigests() throws Exception {
        Files.writeString(family.parent().resolve("generation_config.json"), "{}");
        String found = Models.digest(family.parent(), n -> {});

        refused(order, ExitCode.BAD_DATA)
                .hasMessageContainingAll(
                        family.parent().toString(), order.input().digest(), found);
        noMemberIsThere();
    }

    @Test
    void aFileOfAnInputMemberThatWasChangedIsNamedWithBothDigests() throws Exception {
        StageResult large = Stages.run(order);
        Path weights = Path.of(large.path(), "model.safetensors");
        byte[] content = Files.readAllBytes(weights);
        content[content.length - 1] ^= 1;
        Files.write(weights, content);
        ModelRef input = new ModelRef(large.path(), large.digest());

        refused(family.order("small", input, 0.25, Recut.Product), ExitCode.BAD_DATA)
                .hasMessageContaining(weights + " was changed: its manifest says SHA-256");
    }

    @Test
    void aManifestThatWasChangedIsNoticed() throws Exception {
        StageResult large = Stages.run(order);
        Path manifest = Path.of(large.path(), "manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("tiny@main", "tiny@other"));
        ModelRef input = new ModelRef(large.path(), large.digest());

        refused(family.order("small", input, 0.25, Recut.Product), ExitCode.BAD_DATA)
                .hasMessageContaining("the order says " + large.digest());
    }

    @Test
    void dataThatWasChangedIsNamed() throws Exception {
        Path tokens = family.data("training").resolve("tokens.bin");
        byte[] content = Files.readAllBytes(tokens);
        content[100] ^= 1;
        Files.write(tokens, content);

        refused(order, ExitCode.BAD_DATA)
                .hasMessageContaining(family.data("training") + " was changed: its manifest says");
    }

    @Test
    void dataOfAnotherTokenizerIsRefused() throws Exception {
        Path file = family.data("docs").resolve("manifest.json");
        ObjectNode manifest = (ObjectNode) Json.mapper().readTree(file.toFile());
        Files.writeString(
                file, manifest.put("tokenizer", "sha256:" + "0".repeat(64)).toString());

        refused(order, ExitCode.BAD_DATA).hasMessageContaining("was made with the tokenizer sha256:0000");
    }

    @Test
    void weightsThatAreNoNumbersAreNamed() throws Exception {
        Path weights = family.parent().resolve("model.safetensors");
        byte[] content = Files.readAllBytes(weights);
        content[content.length - 2] = (byte) 0xc0;
        content[content.length - 1] = 0x7f;
        Files.write(weights, content);

        refused(family.order("large"), ExitCode.BAD_DATA).hasMessageContaining("holds NaN at index");
        noMemberIsThere();
    }

    @Test
    void aModelThatIsMissingIsNotFound() {
        ModelRef missing = new ModelRef(folder.resolve("nowhere").toString(), "sha256:0");

        refused(Stages.with(order, missing), ExitCode.NOT_FOUND).hasMessageContaining("nowhere does not exist");
    }

    @Test
    void aRankThatRisesIsABadOrder() {
        StageResult large = Stages.run(order);
        ModelRef input = new ModelRef(large.path(), large.digest());

        refused(family.order("small", input, 0.75, Recut.Product), ExitCode.BAD_ORDER)
                .hasMessageContaining("a stage can only lower it");
    }

    @Test
    void anotherProcessOnTheSameStageIsLeftAlone() throws Exception {
        Files.createDirectories(family.checkpoints("large"));
        try (StageLock held = StageLock.of(family.checkpoints("large"))) {
            assertThat(held).isNotNull();
            refused(order, ExitCode.TRY_LATER).hasMessageContaining("another process works on this stage");
        }
        assertThat(Stages.run(order).tokens()).isPositive();
    }
}
