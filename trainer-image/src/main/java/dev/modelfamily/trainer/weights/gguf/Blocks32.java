package dev.modelfamily.trainer.weights.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Blocks of 32 elements with one scale {@code d}, and some with an offset {@code m}: {@code w = d * q} or
 * {@code w = d * q + m}. Low halves of the bytes hold elements 0 to 15, high halves 16 to 31. Layouts: {@code ggml-common.h}.
 */
final class Blocks32 {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int HALF = 16;

    private Blocks32() {}

    /** {@code d: f16, [m: f16], 16 bytes of quants}; without {@code m} the quants are 8 too large. */
    static void q4(byte[] in, int at, float[] out, int to, boolean offset) {
        float d = half(in, at);
        // Adding -0 changes nothing, not even the sign of a zero.
        float m = offset ? half(in, at + 2) : -0.0f;
        int bias = offset ? 0 : 8;
        int quants = at + (offset ? 4 : 2);
        for (int i = 0; i < HALF; i++) {
            out[to + i] = d * ((in[quants + i] & 0xF) - bias) + m;
            out[to + HALF + i] = d * ((in[quants + i] >>> 4 & 0xF) - bias) + m;
        }
    }

    /** {@code d: f16, [m: f16], the fifth bits: 32 bits, 16 bytes of quants}; without {@code m} they are 16 too large. */
    static void q5(byte[] in, int at, float[] out, int to, boolean offset) {
        float d = half(in, at);
        // Adding -0 changes nothing, not even the sign of a zero.
        float m = offset ? half(in, at + 2) : -0.0f;
        int bias = offset ? 0 : 16;
        int fifth = at + (offset ? 4 : 2);
        int high = int32(in, fifth);
        for (int i = 0; i < HALF; i++) {
            int quants = in[fifth + 4 + i];
            int low = (quants & 0xF) + 16 * (high >>> i & 1);
            int upper = (quants >>> 4 & 0xF) + 16 * (high >>> (HALF + i) & 1);
            out[to + i] = d * (low - bias) + m;
            out[to + HALF + i] = d * (upper - bias) + m;
        }
    }

    /** {@code d: f16, 32 signed bytes}. */
    static void q8(byte[] in, int at, float[] out, int to) {
        float d = half(in, at);
        for (int i = 0; i < 2 * HALF; i++) {
            out[to + i] = d * in[at + 2 + i];
        }
    }

    /** The f16 at a place, as fp32. */
    static float half(byte[] in, int at) {
        return Float.float16ToFloat((short) (Byte.toUnsignedInt(in[at]) + (in[at + 1] << 8)));
    }

    /** The little endian 32 bits at a place. */
    static int int32(byte[] in, int at) {
        return MemorySegment.ofArray(in).get(INT, at);
    }
}
