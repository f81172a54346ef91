package dev.modelfamily.trainer.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.contract.Distillation;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.contract.StageOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageOrdersTest {
    @TempDir
    private Path folder;

    private StageOrder order;

    @BeforeEach
    void makeOrder() {
        order = new TinyFamily(folder).order("large");
    }

    private Path written(Consumer<ObjectNode> change) throws Exception {
        ObjectNode json = Json.mapper().valueToTree(order);
        change.accept(json);
        return Files.writeString(folder.resolve("order.json"), json.toString());
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(Consumer<ObjectNode> change) throws Exception {
        Path file = written(change);
        return assertThatThrownBy(() -> StageOrders.read(file))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_ORDER));
    }

    private static ObjectNode recovery(ObjectNode json) {
        return (ObjectNode) json.get("recovery");
    }

    @Test
    void anOrderIsReadAsItWasWritten() throws Exception {
        assertThat(StageOrders.read(written(json -> {}))).isEqualTo(order);
    }

    @Test
    void anotherVersionIsNamedBeforeTheFieldsThatItMayHave() throws Exception {
        refused(json -> json.put("version", 2).put("novelty", true)).hasMessageContaining("has the version 2");
        refused(json -> json.remove("version")).hasMessageContaining("has the version none");
    }

    @Test
    void anUnknownFieldIsNamed() throws Exception {
        refused(json -> recovery(json).put("momentum", 0.9)).hasMessageContaining("momentum");
    }

    @Test
    void anUnknownWordIsNamed() throws Exception {
        refused(json -> recovery(json).put("schedule", "Zigzag")).hasMessageContaining("Zigzag");
    }

    @Test
    void aMissingFieldIsNamedWithItsPath() throws Exception {
        refused(json -> ((ObjectNode) json.get("cut")).remove("ranks"))
                .hasMessageContaining("lacks the field cut.ranks");
        refused(json -> json.remove("input")).hasMessageContaining("lacks the field input");
    }

    @Test
    void whatIsNotJsonIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("order.json"), "{\"version\": 1,");

        assertThatThrownBy(() -> StageOrders.read(file)).hasMessageContaining("is not the order of a stage");
    }

    @Test
    void numbersOutOfTheirRangeAreNamed() throws Exception {
        refused(json -> recovery(json).put("batchTokens", 100))
                .hasMessageContaining("recovery.batchTokens is 100, no multiple of recovery.sequenceLength 32");
        refused(json -> recovery(json).put("learningRate", 0)).hasMessageContaining("recovery.learningRate is 0");
        refused(json -> recovery(json).put("tokens", -1)).hasMessageContaining("recovery.tokens is -1");
        refused(json -> recovery(json).put("warmupShare", 1.5)).hasMessageContaining("recovery.warmupShare is 1.5");
        refused(json -> ((ObjectNode) json.get("cut").get("ranks")).put("model.layers.0.self_attn.q_proj", 0))
                .hasMessageContaining("cut.ranks.model.layers.0.self_attn.q_proj is 0");
    }

    @Test
    void distillationThatIsNotWrittenIsTheUsual() throws Exception {
        Path usual = written(json -> recovery(json).put("loss", "Distillation"));
        assertThat(StageOrders.read(usual).recovery().distilling()).contains(Distillation.USUAL);
        Path weighed = written(json -> recovery(json)
                .put("loss", "Distillation")
                .putObject("distillation")
                .put("temperature", 2)
                .put("crossEntropyWeight", 0.25)
                .put("hiddenStateWeight", 3));
        assertThat(StageOrders.read(weighed).recovery().distilling()).contains(new Distillation(2, 0.25, 3));
        refused(json -> recovery(json)
                        .put("loss", "Distillation")
                        .putObject("distillation")
                        .put("temperature", 1)
                        .put("hiddenStateWeight", -1))
                .hasMessageContaining("recovery.distillation.hiddenStateWeight is -1");
        refused(json -> recovery(json)
                        .put("loss", "Distillation")
                        .putObject("distillation")
                        .put("temperature", 0)
                        .put("crossEntropyWeight", 0))
                .hasMessageContaining("recovery.distillation.temperature is 0");
    }

    @Test
    void onlyACutWithoutRecoveryNeedsNoTrainingData() throws Exception {
        refused(json -> json.remove("training")).hasMessageContaining("training is absent");
        Path cut = written(json -> recovery(json).put("tokens", 0).remove("training"));

        assertThat(StageOrders.read(cut).recovery().tokens()).isZero();
    }

    @Test
    void aMeasuredCutNeedsTexts() throws Exception {
        refused(json -> cut(json).put("truncation", "Whitened"))
                .hasMessageContaining("cut.truncation Whitened needs calibration with 1 token or more");
    }

    @Test
    void whatGoesTogetherIsChecked() throws Exception {
        refused(json -> cut(json).put("allocation", "Global"))
                .hasMessageContaining("cut.allocation Global needs cut.truncation TwoSided, not Plain");
    }

    private static ObjectNode cut(ObjectNode order) {
        return (ObjectNode) order.get("cut");
    }

    @Test
    void aMissingOrderIsNotFound() {
        assertThatThrownBy(() -> StageOrders.read(folder.resolve("none.json")))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NOT_FOUND));
    }
}
