package dev.modelfamily.trainer.weights.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.contract.Json;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Against what the Python package gguf decodes; {@code block_vectors.py} made the vectors. */
class BlockTypeTest {
    private static JsonNode vector(BlockType type) throws IOException {
        try (InputStream in = BlockTypeTest.class.getResourceAsStream("block-vectors.json")) {
            return Objects.requireNonNull(Json.mapper().readTree(in).get(type.name()));
        }
    }

    private static byte[] bytes(JsonNode base64) {
        return Base64.getDecoder().decode(base64.textValue());
    }

    @ParameterizedTest
    @EnumSource(
            value = BlockType.class,
            mode = Mode.EXCLUDE,
            names = {"F32", "F16", "BF16"})
    void blocksDecodeToTheLastBitAsTheReferenceDoes(BlockType type) throws IOException {
        float[] expected =
                MemorySegment.ofArray(bytes(vector(type).get("values"))).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        float[] decoded = new float[expected.length];
        type.decode(MemorySegment.ofArray(bytes(vector(type).get("blocks"))), MemorySegment.ofArray(decoded));
        assertThat(decoded).containsExactly(expected);
    }

    @Test
    void moreBlocksThanFitInOnePieceAreAllDecoded() throws IOException {
        byte[] block = bytes(vector(BlockType.Q8_0).get("blocks"));
        int copies = 700;
        byte[] blocks = new byte[copies * block.length];
        for (int i = 0; i < copies; i++) {
            System.arraycopy(block, 0, blocks, i * block.length, block.length);
        }
        float[] decoded = new float[copies * 64];
        BlockType.Q8_0.decode(MemorySegment.ofArray(blocks), MemorySegment.ofArray(decoded));
        for (int i = 64; i < decoded.length; i++) {
            assertThat(decoded[i]).isEqualTo(decoded[i - 64]);
        }
    }
}
