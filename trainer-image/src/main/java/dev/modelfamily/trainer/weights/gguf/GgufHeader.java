package dev.modelfamily.trainer.weights.gguf;

import dev.modelfamily.trainer.weights.TensorInfo;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a GGUF file of version 2 or 3 says before its data: key-value pairs, and tensors with their places, checked against
 * the file.
 *
 * @param tensors by their name in the file
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">the format</a>
 */
record GgufHeader(Metadata metadata, SortedMap<String, Entry> tensors) {
    private static final int MAGIC = 0x46554747;
    private static final int MOST_DIMENSIONS = 4;
    private static final int MOST_NESTING = 4;

    /**
     * One tensor.
     *
     * @param info with the name in the file and the shape row-major, the reverse of how the file has it
     * @param offset of its first byte in the file
     * @param bytes of its data
     */
    record Entry(TensorInfo info, BlockType type, long offset, long bytes) {}

    static GgufHeader read(Path file, MemorySegment content) {
        return new Reader(file, new Cursor(file, content), content.byteSize()).read();
    }

    private record Reader(Path file, Cursor cursor, long size) {
        GgufHeader read() {
            if (size < Integer.BYTES || cursor.int32() != MAGIC) {
                throw cursor.bad("is not a GGUF file: it does not begin with 'GGUF'");
            }
            int version = cursor.int32();
            if (version != 2 && version != 3) {
                throw cursor.bad("has GGUF version " + version
                        + (Integer.reverseBytes(version) == 3 ? ", or is big endian" : "")
                        + "; versions 2 and 3, little endian, are read");
            }
            // A tensor takes at least 24 bytes of header; they come after the pairs, so the first bound is a rough one.
            int tensorCount = cursor.count(24, "tensors");
            int pairs = cursor.count(13, "key-value pairs");
            Map<String, Object> values = new LinkedHashMap<>();
            for (int i = 0; i < pairs; i++) {
                String key = cursor.text();
                values.put(key, value(cursor.int32(), 0));
            }
            Metadata metadata = new Metadata(file, Collections.unmodifiableMap(values));
            List<Place> places = new ArrayList<>();
            for (int i = 0; i < tensorCount; i++) {
                places.add(place());
            }
            return new GgufHeader(metadata, entries(places, metadata));
        }

        private Object value(int type, int depth) {
            return switch (type) {
                case 0 -> (long) Byte.toUnsignedInt(cursor.int8());
                case 1 -> (long) cursor.int8();
                case 2 -> (long) Short.toUnsignedInt(cursor.int16());
                case 3 -> (long) cursor.int16();
                case 4 -> Integer.toUnsignedLong(cursor.int32());
                case 5 -> (long) cursor.int32();
                case 6 -> (double) Float.intBitsToFloat(cursor.int32());
                case 7 -> cursor.int8() != 0;
                case 8 -> cursor.text();
                case 9 -> list(depth);
                case 10, 11 -> cursor.int64();
                case 12 -> Double.longBitsToDouble(cursor.int64());
                default ->
                    throw cursor.bad("has a value of unknown type " + type + " before byte " + cursor.position());
            };
        }

        private List<Object> list(int depth) {
            if (depth == MOST_NESTING) {
                throw cursor.bad("has lists in lists deeper than " + MOST_NESTING);
            }
            int type = cursor.int32();
            int length = cursor.count(1, "elements of a list");
            List<Object> list = new ArrayList<>();
            for (int i = 0; i < length; i++) {
                list.add(value(type, depth + 1));
            }
            return list;
        }

        /** A tensor as the header has it; the offset counts from where the data begins. */
        private record Place(TensorInfo info, BlockType type, long offset) {}

        private Place place() {
            String name = cursor.text();
            int dimensions = cursor.int32();
            if (dimensions < 0 || dimensions > MOST_DIMENSIONS) {
                throw cursor.bad("has tensor " + name + " of " + Integer.toUnsignedString(dimensions) + " dimensions");
            }
            List<Long> shape = new ArrayList<>();
            for (int i = 0; i < dimensions; i++) {
                shape.addFirst(cursor.int64());
            }
            int id = cursor.int32();
            BlockType type = BlockType.of(id)
                    .orElseThrow(() -> cursor.bad("has tensor " + name + " of GGML type " + id + " ("
                            + BlockType.nameOf(id) + "), which is not supported; supported are "
                            + List.of(BlockType.values())));
            return new Place(new TensorInfo(name, type.name(), List.copyOf(shape)), type, cursor.int64());
        }

        private SortedMap<String, Entry> entries(List<Place> places, Metadata metadata) {
            long alignment = metadata.number("general.alignment").orElse(32L);
            if (alignment < 1 || alignment > 1 << 20) {
                throw cursor.bad("has general.alignment " + alignment);
            }
            long data = (cursor.position() + alignment - 1) / alignment * alignment;
            SortedMap<String, Entry> entries = new TreeMap<>();
            for (Place place : places) {
                Entry entry = entry(place, data);
                if (entries.put(place.info().name(), entry) != null) {
                    throw cursor.bad("has two tensors named " + place.info().name());
                }
            }
            checkNoOverlap(entries.values());
            return entries;
        }

        private Entry entry(Place place, long data) {
            TensorInfo info = place.info();
            List<Long> shape = info.shape();
            long row = shape.isEmpty() ? 1 : shape.getLast();
            if (shape.stream().anyMatch(size -> size < 1) || row % place.type().elements() != 0) {
                throw cursor.bad("has tensor " + info.name() + " of shape " + shape + ", which " + place.type()
                        + " cannot have: blocks of " + place.type().elements() + " elements");
            }
            try {
                long bytes = Math.multiplyExact(info.elements() / place.type().elements(), (long)
                        place.type().bytes());
                long offset = Math.addExact(data, place.offset());
                if (place.offset() < 0 || Math.addExact(offset, bytes) > size) {
                    throw cursor.bad("has tensor " + info.name() + " at bytes " + offset + " to " + (offset + bytes)
                            + " but is only " + size + " bytes long; it is damaged or was not copied whole");
                }
                return new Entry(info, place.type(), offset, bytes);
            } catch (ArithmeticException e) {
                throw cursor.bad("has tensor " + info.name() + " of impossible shape " + shape + " or place "
                        + Long.toUnsignedString(place.offset()));
            }
        }

        private void checkNoOverlap(Iterable<Entry> entries) {
            List<Entry> inOrder = new ArrayList<>();
            entries.forEach(inOrder::add);
            inOrder.sort(Comparator.comparingLong(Entry::offset));
            for (int i = 1; i < inOrder.size(); i++) {
                Entry before = inOrder.get(i - 1);
                if (before.offset() + before.bytes() > inOrder.get(i).offset()) {
                    throw cursor.bad("has tensor " + inOrder.get(i).info().name() + ", which overlaps "
                            + before.info().name());
                }
            }
        }
    }
}
