package dev.modelfamily.trainer.weights.gguf;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads a mapped file from front to back, little endian. Whatever the file says, nothing is read behind its end. */
final class Cursor {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final MemorySegment content;
    private long position;

    Cursor(Path file, MemorySegment content) {
        this.file = file;
        this.content = content;
    }

    long position() {
        return position;
    }

    byte int8() {
        return content.get(ValueLayout.JAVA_BYTE, take(Byte.BYTES));
    }

    short int16() {
        return content.get(SHORT, take(Short.BYTES));
    }

    int int32() {
        return content.get(INT, take(Integer.BYTES));
    }

    long int64() {
        return content.get(LONG, take(Long.BYTES));
    }

    /** A count of things of which each takes at least {@code leastBytes}: more than fit in the rest of the file are refused. */
    int count(long leastBytes, String what) {
        long count = int64();
        long most = Math.min(Integer.MAX_VALUE - 8L, (content.byteSize() - position) / leastBytes);
        if (count < 0 || count > most) {
            throw bad("says that it has " + Long.toUnsignedString(count) + " " + what + " at byte " + position
                    + "; at most " + most + " fit in the rest of the file");
        }
        return (int) count;
    }

    /** Text with its length before it. */
    String text() {
        int length = count(1, "bytes of text");
        byte[] bytes = content.asSlice(take(length), length).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    StageException bad(String what) {
        return new StageException(ExitCode.BAD_DATA, file + " " + what);
    }

    private long take(long bytes) {
        long at = position;
        if (bytes > content.byteSize() - at) {
            throw bad("ends at byte " + content.byteSize() + " in the middle of its header; it was not copied whole");
        }
        position += bytes;
        return at;
    }
}
