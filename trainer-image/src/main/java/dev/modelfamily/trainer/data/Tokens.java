package dev.modelfamily.trainer.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** A sequence of token ids that is read in parts. */
public interface Tokens {
    /** How many tokens there are. */
    long count();

    /**
     * Copies tokens {@code [offset, offset + count)} into 64-bit integers in native byte order, the type of PyTorch's indices.
     *
     * @param target of at least {@code 8 * count} bytes
     * @throws IndexOutOfBoundsException where the range is not inside the tokens
     */
    void read(long offset, int count, MemorySegment target);

    /** Copies tokens {@code [offset, offset + count)} to the start of {@code target}. */
    default void read(long offset, int count, int[] target) {
        long[] wide = new long[count];
        read(offset, count, MemorySegment.ofArray(wide));
        for (int i = 0; i < count; i++) {
            target[i] = Math.toIntExact(wide[i]);
        }
    }

    /** Tokens in memory, for a short text. */
    static Tokens of(int[] ids) {
        int[] copy = ids.clone();
        return new Tokens() {
            @Override
            public long count() {
                return copy.length;
            }

            @Override
            public void read(long offset, int count, MemorySegment target) {
                Objects.checkFromIndexSize(offset, count, copy.length);
                for (int i = 0; i < count; i++) {
                    target.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i, copy[(int) offset + i]);
                }
            }
        };
    }
}
