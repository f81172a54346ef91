package dev.modelfamily.trainer.weights;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes safetensors, one tensor in memory at a time. The same tensors give the same bytes: order, header and padding are
 * fixed. Files appear whole or not at all.
 */
public final class SafetensorsWriter {
    /** The usual size of a shard: above it some hubs and file systems have trouble. */
    public static final long SHARD_BYTES = 5_000_000_000L;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Elements that are converted and written in one piece. */
    private static final long PIECE = 1 << 20;

    /** Wider elements first, so that every tensor is aligned to its elements; then by name. */
    private static final Comparator<TensorToWrite> ORDER = Comparator.comparingInt(
                    (TensorToWrite tensor) -> -tensor.type().bytes())
            .thenComparing(TensorToWrite::name);

    private SafetensorsWriter() {}

    /**
     * Writes a model: {@code BASE.safetensors} where it fits in one shard, else {@code BASE-00001-of-0000N.safetensors} and
     * {@code BASE.safetensors.index.json}. Memory beyond the tensors' own: a few megabytes.
     *
     * @param folder made where it is missing
     * @param baseName {@code model} for what Hugging Face tools read
     * @param maxShardBytes of data in one file; a tensor above it gets a file of its own
     * @return the files written, the index last
     * @throws StageException {@link ExitCode#UNREACHABLE} where the disk is full or fails, naming the bytes needed and free;
     *     {@link ExitCode#BAD_DATA} where a value is NaN or infinite, or too large for its type. Then no file is left
     */
    public static List<Path> write(Path folder, String baseName, List<TensorToWrite> tensors, long maxShardBytes) {
        List<List<TensorToWrite>> shards = shards(tensors, maxShardBytes);
        long data = tensors.stream().mapToLong(TensorToWrite::bytes).reduce(0, Math::addExact);
        List<Path> files = new ArrayList<>();
        try (AtomicFiles output = new AtomicFiles(folder, data)) {
            ObjectNode map = Json.mapper().createObjectNode();
            for (int i = 0; i < shards.size(); i++) {
                String name = shards.size() == 1
                        ? baseName + ".safetensors"
                        : String.format(Locale.ROOT, "%s-%05d-of-%05d.safetensors", baseName, i + 1, shards.size());
                List<TensorToWrite> shard = shards.get(i);
                output.write(name, channel -> writeShard(channel, shard));
                shard.forEach(tensor -> map.put(tensor.name(), name));
                files.add(folder.resolve(name));
            }
            if (shards.size() > 1) {
                String name = baseName + ".safetensors.index.json";
                byte[] index = index(map, data);
                output.write(name, channel -> writeAll(channel, ByteBuffer.wrap(index)));
                files.add(folder.resolve(name));
            }
            output.commit();
        }
        return files;
    }

    /**
     * Writes one file, whatever its size.
     *
     * @throws StageException as {@link #write}
     */
    public static void writeFile(Path file, List<TensorToWrite> tensors) {
        List<TensorToWrite> inOrder = tensors.stream().sorted(ORDER).toList();
        long data = tensors.stream().mapToLong(TensorToWrite::bytes).reduce(0, Math::addExact);
        try (AtomicFiles output = new AtomicFiles(file.toAbsolutePath().getParent(), data)) {
            output.write(file.getFileName().toString(), channel -> writeShard(channel, inOrder));
            output.commit();
        }
    }

    private static List<List<TensorToWrite>> shards(List<TensorToWrite> tensors, long maxShardBytes) {
        List<List<TensorToWrite>> shards = new ArrayList<>();
        List<TensorToWrite> shard = new ArrayList<>();
        long bytes = 0;
        for (TensorToWrite tensor : tensors.stream().sorted(ORDER).toList()) {
            if (!shard.isEmpty() && bytes + tensor.bytes() > maxShardBytes) {
                shards.add(shard);
                shard = new ArrayList<>();
                bytes = 0;
            }
            shard.add(tensor);
            bytes += tensor.bytes();
        }
        shards.add(shard);
        return shards;
    }

    private static byte[] index(ObjectNode map, long bytes) {
        ObjectNode index = Json.mapper().createObjectNode();
        index.putObject("metadata").put("total_size", bytes);
        ObjectNode sorted = index.putObject("weight_map");
        map.properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> sorted.set(entry.getKey(), entry.getValue()));
        return Json.line(index).getBytes(StandardCharsets.UTF_8);
    }

    private static void writeShard(FileChannel channel, List<TensorToWrite> tensors) throws IOException {
        writeAll(channel, ByteBuffer.wrap(header(tensors)));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment piece = arena.allocate(PIECE * ElementType.F64.bytes(), Long.BYTES);
            for (TensorToWrite tensor : tensors) {
                writeTensor(channel, tensor, piece);
            }
        }
    }

    /** Eight bytes of length, then JSON that spaces extend to a multiple of eight bytes. */
    private static byte[] header(List<TensorToWrite> tensors) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.putObject("__metadata__").put("format", "pt");
        long at = 0;
        for (TensorToWrite tensor : tensors) {
            ObjectNode entry = Json.mapper().createObjectNode();
            entry.put("dtype", tensor.type().name());
            ArrayNode shape = entry.putArray("shape");
            tensor.shape().forEach(shape::add);
            entry.putArray("data_offsets").add(at).add(at + tensor.bytes());
            at += tensor.bytes();
            if (json.replace(tensor.name(), entry) != null) {
                throw new IllegalArgumentException("two tensors are named " + tensor.name());
            }
        }
        byte[] text = Json.line(json).getBytes(StandardCharsets.UTF_8);
        int padded = (text.length + 7) / 8 * 8;
        byte[] header = new byte[Long.BYTES + padded];
        MemorySegment.ofArray(header).fill((byte) ' ').set(LONG, 0, padded);
        System.arraycopy(text, 0, header, Long.BYTES, text.length);
        return header;
    }

    private static void writeTensor(FileChannel channel, TensorToWrite tensor, MemorySegment piece) throws IOException {
        long[] given = {0};
        tensor.values().read((offset, values) -> {
            if (offset != given[0]) {
                throw new IllegalArgumentException("tensor " + tensor.name() + " was given the values from byte "
                        + offset + " on after the first " + given[0]);
            }
            given[0] += values.byteSize();
            writeValues(channel, tensor, offset / Float.BYTES, values, piece);
        });
        if (given[0] != Float.BYTES * tensor.elements()) {
            throw new IllegalArgumentException("tensor " + tensor.name() + " of shape " + tensor.shape() + " was given "
                    + given[0] + " bytes of values");
        }
    }

    /** Writes the elements of a tensor from {@code first} on. */
    private static void writeValues(
            FileChannel channel, TensorToWrite tensor, long first, MemorySegment values, MemorySegment piece)
            throws IOException {
        long elements = values.byteSize() / Float.BYTES;
        for (long at = 0; at < elements; at += PIECE) {
            long count = Math.min(PIECE, elements - at);
            MemorySegment part = values.asSlice(Float.BYTES * at, Float.BYTES * count);
            long bad = tensor.type().firstNonFinite(part);
            if (bad >= 0) {
                float value = part.get(ValueLayout.JAVA_FLOAT_UNALIGNED, Float.BYTES * bad);
                throw notFinite(tensor, first + at + bad, value);
            }
            MemorySegment encoded = piece.asSlice(0, count * tensor.type().bytes());
            tensor.type().encode(part, encoded);
            writeAll(channel, encoded.asByteBuffer());
        }
    }

    private static StageException notFinite(TensorToWrite tensor, long index, float value) {
        String why = Float.isFinite(value)
                ? "too large for " + tensor.type() + "; write it as F32 or BF16"
                : "no number that a model can have; training has diverged";
        return new StageException(
                ExitCode.BAD_DATA,
                "tensor " + tensor.name() + " was to be written with " + value + " at index " + index + ", which is "
                        + why);
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
