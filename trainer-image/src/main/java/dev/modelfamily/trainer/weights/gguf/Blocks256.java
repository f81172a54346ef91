package dev.modelfamily.trainer.weights.gguf;

/**
 * K-quants: super-blocks of 256 elements, with an f16 scale {@code d} for all and a small integer scale for every 16 or 32.
 * Layouts: {@code ggml-common.h}.
 */
final class Blocks256 {
    private static final int SIZE = 256;

    private Blocks256() {}

    /** {@code 16 bytes: scale low, minimum high; 64 bytes of 2-bit quants; d, dmin: f16}. */
    static void q2(byte[] in, int at, float[] out, int to) {
        float d = Blocks32.half(in, at + 80);
        float dmin = Blocks32.half(in, at + 82);
        for (int i = 0; i < SIZE; i++) {
            byte scales = in[at + i / 16];
            int quant = pair(in, at + 16, i);
            out[to + i] = d * bits(scales, 0, 4) * quant - dmin * bits(scales, 4, 4);
        }
    }

    /** {@code 32 bytes of third bits (0 subtracts 4); 64 bytes of 2-bit quants; 12 bytes of 6-bit scales; d: f16}. */
    static void q3(byte[] in, int at, float[] out, int to) {
        float d = Blocks32.half(in, at + 108);
        for (int group = 0; group < 16; group++) {
            int low = bits(in[at + 96 + group % 8], 4 * (group / 8), 4);
            int high = bits(in[at + 104 + group % 4], 2 * (group / 4), 2);
            float scale = d * ((low + 16 * high) - 32);
            for (int i = 16 * group; i < 16 * group + 16; i++) {
                int quant = pair(in, at + 32, i);
                int third = bits(in[at + i % 32], i / 32, 1);
                out[to + i] = scale * (quant - (third == 0 ? 4 : 0));
            }
        }
    }

    /** {@code d, dmin: f16; 12 bytes of 6-bit scales and minima; 128 bytes of 4-bit quants}. */
    static void q4(byte[] in, int at, float[] out, int to) {
        for (int group = 0; group < 8; group++) {
            float scale = Blocks32.half(in, at) * scale(in, at + 4, group);
            float minimum = Blocks32.half(in, at + 2) * minimum(in, at + 4, group);
            for (int i = 32 * group; i < 32 * group + 32; i++) {
                out[to + i] = scale * nibble(in, at + 16, i) - minimum;
            }
        }
    }

    /** {@code d, dmin: f16; 12 bytes of 6-bit scales and minima; 32 bytes of fifth bits; 128 bytes of 4-bit quants}. */
    static void q5(byte[] in, int at, float[] out, int to) {
        for (int group = 0; group < 8; group++) {
            float scale = Blocks32.half(in, at) * scale(in, at + 4, group);
            float minimum = Blocks32.half(in, at + 2) * minimum(in, at + 4, group);
            for (int i = 32 * group; i < 32 * group + 32; i++) {
                int fifth = bits(in[at + 16 + i % 32], group, 1);
                out[to + i] = scale * (nibble(in, at + 48, i) + 16 * fifth) - minimum;
            }
        }
    }

    /** {@code 128 bytes of low 4 bits; 64 bytes of high 2 bits; 16 signed scales; d: f16}; quants are 32 too large. */
    static void q6(byte[] in, int at, float[] out, int to) {
        float d = Blocks32.half(in, at + 208);
        for (int i = 0; i < SIZE; i++) {
            int low = bits(in[at + i / 128 * 64 + i % 64], 4 * (i / 64 % 2), 4);
            int high = pair(in, at + 128, i);
            out[to + i] = d * in[at + 192 + i / 16] * ((low + 16 * high) - 32);
        }
    }

    /** {@code d: f32; 256 signed bytes; 32 bytes of sums that decoding does not need}. */
    static void q8(byte[] in, int at, float[] out, int to) {
        float d = Float.intBitsToFloat(Blocks32.int32(in, at));
        for (int i = 0; i < SIZE; i++) {
            out[to + i] = d * in[at + 4 + i];
        }
    }

    /** The low half of 32 bytes holds 32 elements, the high half the next 32. */
    private static int nibble(byte[] in, int quants, int i) {
        return bits(in[quants + i / 64 * 32 + i % 32], 4 * (i / 32 % 2), 4);
    }

    /** 32 bytes hold 128 elements: their lowest two bits the first 32 of them, and so on. */
    private static int pair(byte[] in, int quants, int i) {
        return bits(in[quants + i / 128 * 32 + i % 32], 2 * (i / 32 % 4), 2);
    }

    /** Six bits: for the first four groups in one byte, for the others split. */
    private static int scale(byte[] in, int scales, int group) {
        return group < 4
                ? bits(in[scales + group], 0, 6)
                : bits(in[scales + 4 + group], 0, 4) + 16 * bits(in[scales + group - 4], 6, 2);
    }

    private static int minimum(byte[] in, int scales, int group) {
        return group < 4
                ? bits(in[scales + 4 + group], 0, 6)
                : bits(in[scales + 4 + group], 4, 4) + 16 * bits(in[scales + group], 6, 2);
    }

    /** So many bits of a byte, from the place {@code shift} up. */
    private static int bits(byte value, int shift, int count) {
        return (value >>> shift) & ((1 << count) - 1);
    }
}
