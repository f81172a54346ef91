package dev.modelfamily.trainer.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** The plain floating point types of weight files, all little endian, and their way to fp32 and back. */
public enum ElementType {
    F64(8),
    F32(4),
    F16(2),
    BF16(2);

    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The exponent bits of an fp32 number; all of them set in NaN and the infinities. */
    private static final int EXPONENT = 0x7f800000;

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** The type of that name, as safetensors spells it. */
    public static Optional<ElementType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /**
     * Widens stored elements to fp32; F64 is rounded.
     *
     * @param stored {@code bytes() * n} bytes
     * @param target {@code 4 * n} bytes
     */
    public void decode(MemorySegment stored, MemorySegment target) {
        long n = target.byteSize() / Float.BYTES;
        switch (this) {
            case F32 -> MemorySegment.copy(stored, 0, target, 0, n * Float.BYTES);
            case F64 -> {
                for (long i = 0; i < n; i++) {
                    target.set(FLOAT, 4 * i, (float) stored.get(DOUBLE, 8 * i));
                }
            }
            case F16 -> {
                for (long i = 0; i < n; i++) {
                    target.set(FLOAT, 4 * i, Float.float16ToFloat(stored.get(SHORT, 2 * i)));
                }
            }
            case BF16 -> {
                for (long i = 0; i < n; i++) {
                    target.set(INT, 4 * i, stored.get(SHORT, 2 * i) << 16);
                }
            }
        }
    }

    /**
     * Narrows fp32 to this type, rounding to the nearest and ties to even. Numbers beyond the range become infinite.
     *
     * @param values {@code 4 * n} bytes
     * @param target {@code bytes() * n} bytes
     */
    public void encode(MemorySegment values, MemorySegment target) {
        long n = values.byteSize() / Float.BYTES;
        switch (this) {
            case F32 -> MemorySegment.copy(values, 0, target, 0, n * Float.BYTES);
            case F64 -> {
                for (long i = 0; i < n; i++) {
                    target.set(DOUBLE, 8 * i, values.get(FLOAT, 4 * i));
                }
            }
            case F16 -> {
                for (long i = 0; i < n; i++) {
                    target.set(SHORT, 2 * i, Float.floatToFloat16(values.get(FLOAT, 4 * i)));
                }
            }
            case BF16 -> {
                for (long i = 0; i < n; i++) {
                    target.set(SHORT, 2 * i, toBFloat16(values.get(INT, 4 * i)));
                }
            }
        }
    }

    /** The upper half of the bits, rounded by the lower half; a NaN stays one. */
    private static short toBFloat16(int bits) {
        boolean nan = (bits & 0x7fffffff) > EXPONENT;
        int rounded = nan ? bits | 1 << 22 : bits + 0x7fff + (bits >>> 16 & 1);
        return (short) (rounded >>> 16);
    }

    /** Whether the fp32 number with these bits becomes NaN or infinite in this type. */
    boolean isNonFinite(int bits) {
        return switch (this) {
            case F32, F64 -> (bits & EXPONENT) == EXPONENT;
            case F16 -> (Float.floatToFloat16(Float.intBitsToFloat(bits)) & 0x7c00) == 0x7c00;
            case BF16 -> (toBFloat16(bits) & 0x7f80) == 0x7f80;
        };
    }

    /**
     * The index of the first of some fp32 values that is NaN or infinite, or becomes so in this type; -1 where there is none.
     *
     * @param values {@code 4 * n} bytes
     */
    long firstNonFinite(MemorySegment values) {
        long n = values.byteSize() / Float.BYTES;
        for (long i = 0; i < n; i++) {
            if (isNonFinite(values.get(INT, 4 * i))) {
                return i;
            }
        }
        return -1;
    }
}
