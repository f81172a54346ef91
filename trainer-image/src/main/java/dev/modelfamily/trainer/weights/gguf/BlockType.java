package dev.modelfamily.trainer.weights.gguf;

import dev.modelfamily.trainer.weights.ElementType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The types of GGUF tensors that can be read. A quantised tensor is a row of blocks, each of which decodes by itself; the
 * arithmetic is in fp32 in the order of the reference implementation, so that results agree to the last bit.
 */
enum BlockType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    Q8_K(15, 256, 292),
    BF16(30, 1, 2);

    /** Blocks that are decoded at once: 64 K elements of a K-quant. */
    private static final int BLOCKS = 256;

    /** Types that files in the wild have, for messages. */
    private static final Map<Integer, String> OTHERS = Map.ofEntries(
            Map.entry(9, "Q8_1"),
            Map.entry(16, "IQ2_XXS"),
            Map.entry(17, "IQ2_XS"),
            Map.entry(18, "IQ3_XXS"),
            Map.entry(19, "IQ1_S"),
            Map.entry(20, "IQ4_NL"),
            Map.entry(21, "IQ3_S"),
            Map.entry(22, "IQ2_S"),
            Map.entry(23, "IQ4_XS"),
            Map.entry(24, "I8"),
            Map.entry(25, "I16"),
            Map.entry(26, "I32"),
            Map.entry(27, "I64"),
            Map.entry(28, "F64"),
            Map.entry(29, "IQ1_M"),
            Map.entry(34, "TQ1_0"),
            Map.entry(35, "TQ2_0"),
            Map.entry(39, "MXFP4"));

    private final int id;
    private final int elements;
    private final int bytes;

    BlockType(int id, int elements, int bytes) {
        this.id = id;
        this.elements = elements;
        this.bytes = bytes;
    }

    static Optional<BlockType> of(int id) {
        return Arrays.stream(values()).filter(type -> type.id == id).findFirst();
    }

    static String nameOf(int id) {
        return OTHERS.getOrDefault(id, "unknown");
    }

    /** Elements of one block. */
    int elements() {
        return elements;
    }

    /** Bytes of one block. */
    int bytes() {
        return bytes;
    }

    /** Decodes all blocks of {@code stored} to fp32 in {@code target}. */
    void decode(MemorySegment stored, MemorySegment target) {
        Optional<ElementType> plain = ElementType.named(name());
        if (plain.isPresent()) {
            plain.get().decode(stored, target);
            return;
        }
        byte[] in = new byte[BLOCKS * bytes];
        float[] out = new float[BLOCKS * elements];
        long blocks = stored.byteSize() / bytes;
        for (long first = 0; first < blocks; first += BLOCKS) {
            int count = (int) Math.min(BLOCKS, blocks - first);
            MemorySegment.copy(stored, ValueLayout.JAVA_BYTE, first * bytes, in, 0, count * bytes);
            for (int block = 0; block < count; block++) {
                decodeBlock(in, block * bytes, out, block * elements);
            }
            MemorySegment.copy(
                    out, 0, target, ValueLayout.JAVA_FLOAT_UNALIGNED, Float.BYTES * first * elements, count * elements);
        }
    }

    private void decodeBlock(byte[] in, int at, float[] out, int to) {
        switch (this) {
            case Q4_0 -> Blocks32.q4(in, at, out, to, false);
            case Q4_1 -> Blocks32.q4(in, at, out, to, true);
            case Q5_0 -> Blocks32.q5(in, at, out, to, false);
            case Q5_1 -> Blocks32.q5(in, at, out, to, true);
            case Q8_0 -> Blocks32.q8(in, at, out, to);
            case Q2_K -> Blocks256.q2(in, at, out, to);
            case Q3_K -> Blocks256.q3(in, at, out, to);
            case Q4_K -> Blocks256.q4(in, at, out, to);
            case Q5_K -> Blocks256.q5(in, at, out, to);
            case Q6_K -> Blocks256.q6(in, at, out, to);
            case Q8_K -> Blocks256.q8(in, at, out, to);
            case F32, F16, BF16 -> throw new IllegalStateException(this + " has no blocks");
        }
    }
}
