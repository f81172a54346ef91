package dev.modelfamily.trainer.data;

/**
 * A seeded permutation of {@code [0, size)} that takes no memory and answers for any index at once: a balanced Feistel network
 * over the next even power of two, walked along its cycle until the value falls inside (Black and Rogaway, <i>Ciphers with
 * Arbitrary Finite Domains</i>, 2002, method 2: "cycle walking"). The domain is below four times the size, so a walk takes
 * fewer than four steps on average.
 */
final class Permutation {
    private static final int ROUNDS = 6;

    private final long size;
    private final int halfBits;
    private final long halfMask;
    private final long[] keys = new long[ROUNDS];

    Permutation(long size, long seed) {
        this.size = size;
        int bits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(1, size - 1));
        this.halfBits = (bits + 1) / 2;
        this.halfMask = (1L << halfBits) - 1;
        for (int round = 0; round < ROUNDS; round++) {
            keys[round] = mix(seed + (round + 1) * 0x9E3779B97F4A7C15L);
        }
    }

    /** Where {@code index} goes, in {@code [0, size)}; different for different indices. */
    long at(long index) {
        long value = index;
        do {
            value = encrypt(value);
        } while (value >= size);
        return value;
    }

    private long encrypt(long value) {
        long left = value >>> halfBits;
        long right = value & halfMask;
        for (long key : keys) {
            long next = left ^ (mix(right ^ key) & halfMask);
            left = right;
            right = next;
        }
        return left << halfBits | right;
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014): every input bit reaches every output bit. */
    static long mix(long z) {
        long a = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ a >>> 27) * 0x94D049BB133111EBL;
        return b ^ b >>> 31;
    }
}
