package dev.modelfamily.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TerminationMessageTest {
    private static final Random RANDOM = new Random(1);

    @Test
    void aResultThatFitsIsPlainJson() {
        StageResult result = new StageResult(
                1,
                digest(),
                "small",
                digest(),
                "/mnt/models/x",
                1,
                2,
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                3,
                4,
                "");

        assertThat(TerminationMessage.of(Json.line(result))).isEqualTo(Json.line(result));
        assertThat(TerminationMessage.read(Json.line(result) + "\n", StageResult.class))
                .contains(result);
    }

    @Test
    void aPreparationOfFifteenDataSetsFits() {
        PrepareResult result = prepared(15);

        String message = TerminationMessage.of(Json.line(result));

        assertThat(message.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(TerminationMessage.MAX_BYTES);
        assertThat(TerminationMessage.read(message, PrepareResult.class)).contains(result);
    }

    @Test
    void lastWordsAreNoResult() {
        assertThat(TerminationMessage.read("data.training: the corpus is empty", StageResult.class))
                .isEmpty();
        assertThat(TerminationMessage.read("", StageResult.class)).isEmpty();
    }

    @Test
    void aMessageThatWasCutShortIsNoResult() {
        String packed = TerminationMessage.of(Json.line(prepared(15)));
        String plain = Json.line(prepared(1));

        assertThat(TerminationMessage.read(packed.substring(0, 900), PrepareResult.class))
                .isEmpty();
        assertThat(TerminationMessage.read(plain.substring(0, plain.length() / 2), PrepareResult.class))
                .isEmpty();
    }

    private static PrepareResult prepared(int sets) {
        List<PreparedData> data = IntStream.range(0, sets)
                .mapToObj(index -> new PreparedData(
                        new DataRef(
                                "set-" + index,
                                "/mnt/models/family/prepared/" + hex() + "/set-" + index,
                                digest(),
                                100),
                        digest(),
                        RANDOM.nextInt(1 << 30),
                        RANDOM.nextInt(1 << 20),
                        0))
                .toList();
        return new PrepareResult(
                1,
                new ModelRef("/mnt/models/family/prepared/" + hex() + "/parent", digest()),
                digest(),
                JsonNodeFactory.instance.objectNode().put("model_type", "llama"),
                134_515_008,
                data);
    }

    private static String digest() {
        return "sha256:" + hex();
    }

    private static String hex() {
        StringBuilder hex = new StringBuilder();
        RANDOM.ints(64, 0, 16).forEach(digit -> hex.append(Character.forDigit(digit, 16)));
        return hex.toString();
    }
}
