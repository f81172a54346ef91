package dev.modelfamily.trainer.weights;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the header of a safetensors file says, checked against the file: eight bytes of length, so many bytes of JSON, then
 * the data of the tensors without a gap.
 *
 * @param entries by tensor name
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
record SafetensorsHeader(SortedMap<String, Entry> entries) {
    /** Longer headers are refused, as the reference implementation does: 100 MB is a million tensors. */
    private static final long MOST_BYTES = 100_000_000;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ObjectReader JSON = Json.mapper()
            .reader()
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private static final Map<String, Integer> BYTES = Map.ofEntries(
            Map.entry("BOOL", 1),
            Map.entry("U8", 1),
            Map.entry("I8", 1),
            Map.entry("F8_E4M3", 1),
            Map.entry("F8_E5M2", 1),
            Map.entry("I16", 2),
            Map.entry("U16", 2),
            Map.entry("F16", 2),
            Map.entry("BF16", 2),
            Map.entry("I32", 4),
            Map.entry("U32", 4),
            Map.entry("F32", 4),
            Map.entry("I64", 8),
            Map.entry("U64", 8),
            Map.entry("F64", 8));

    /**
     * One tensor.
     *
     * @param offset of its first byte in the file
     * @param bytes of its data
     */
    record Entry(TensorInfo info, long offset, long bytes) {}

    /**
     * Reads and checks the header of a mapped file.
     *
     * @throws StageException {@link ExitCode#BAD_DATA}, naming the file and the tensor
     */
    static SafetensorsHeader read(Path file, MemorySegment content) {
        return new Reader(file, content).read();
    }

    private record Reader(Path file, MemorySegment content) {
        SafetensorsHeader read() {
            if (content.byteSize() < Long.BYTES) {
                throw bad("has " + content.byteSize() + " bytes, too few for a safetensors file");
            }
            long length = content.get(LONG, 0);
            if (length < 2 || length > MOST_BYTES || length > content.byteSize() - Long.BYTES) {
                throw bad("says that its header is " + Long.toUnsignedString(length)
                        + " bytes long; the whole file has " + content.byteSize());
            }
            JsonNode json = parse(content.asSlice(Long.BYTES, length).toArray(ValueLayout.JAVA_BYTE));
            SortedMap<String, Entry> entries = new TreeMap<>();
            long data = Long.BYTES + length;
            for (Map.Entry<String, JsonNode> field : json.properties()) {
                if (!field.getKey().equals("__metadata__")) {
                    entries.put(field.getKey(), entry(field.getKey(), field.getValue(), data));
                }
            }
            checkNoGap(data, entries.values());
            return new SafetensorsHeader(entries);
        }

        private JsonNode parse(byte[] header) {
            try {
                JsonNode json = JSON.readTree(header);
                if (!json.isObject()) {
                    throw bad("has a header that is not a JSON object");
                }
                return json;
            } catch (IOException e) {
                throw new StageException(
                        ExitCode.BAD_DATA, file + " has a header that is not JSON: " + e.getMessage(), e);
            }
        }

        private Entry entry(String name, JsonNode json, long data) {
            String type = json.path("dtype").asText();
            Integer elementBytes = BYTES.get(type);
            if (elementBytes == null) {
                throw bad(name, "has the unknown dtype '" + type + "'");
            }
            List<Long> shape = whole(name, "shape", json.path("shape"));
            List<Long> offsets = whole(name, "data_offsets", json.path("data_offsets"));
            long available = content.byteSize() - data;
            if (offsets.size() != 2 || offsets.get(0) > offsets.get(1) || offsets.get(1) > available) {
                throw bad(
                        name,
                        "has data_offsets " + offsets + " where the file has " + available + " bytes of data; "
                                + "it is damaged or was not copied whole");
            }
            TensorInfo info = new TensorInfo(name, type, shape);
            long bytes = offsets.get(1) - offsets.get(0);
            try {
                if (Math.multiplyExact(info.elements(), (long) elementBytes) != bytes) {
                    throw bad(name, "has shape " + shape + " of " + type + " but " + bytes + " bytes of data");
                }
            } catch (ArithmeticException e) {
                throw new StageException(
                        ExitCode.BAD_DATA, file + ": tensor " + name + " has the impossible shape " + shape, e);
            }
            return new Entry(info, data + offsets.get(0), bytes);
        }

        private List<Long> whole(String name, String field, JsonNode json) {
            List<Long> numbers = new ArrayList<>();
            for (JsonNode number : json) {
                if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
                    throw bad(name, "has " + field + " " + json + "; whole numbers are needed");
                }
                numbers.add(number.longValue());
            }
            if (!json.isArray()) {
                throw bad(name, "has no " + field);
            }
            return List.copyOf(numbers);
        }

        private void checkNoGap(long data, Iterable<Entry> entries) {
            List<Entry> inOrder = new ArrayList<>();
            entries.forEach(inOrder::add);
            inOrder.sort(Comparator.comparingLong(Entry::offset).thenComparingLong(Entry::bytes));
            long end = data;
            for (Entry entry : inOrder) {
                if (entry.offset() < end) {
                    throw bad(
                            entry.info().name(),
                            "overlaps the tensor before it by " + (end - entry.offset()) + " bytes");
                }
                if (entry.offset() > end) {
                    throw bad(
                            entry.info().name(),
                            "begins after " + (entry.offset() - end) + " bytes that belong to no tensor");
                }
                end += entry.bytes();
            }
            if (end != content.byteSize()) {
                throw bad("has " + (content.byteSize() - end) + " bytes after its last tensor that belong to none");
            }
        }

        private StageException bad(String what) {
            return new StageException(ExitCode.BAD_DATA, file + " " + what);
        }

        private StageException bad(String tensor, String what) {
            return new StageException(ExitCode.BAD_DATA, file + ": tensor " + tensor + " " + what);
        }
    }
}
