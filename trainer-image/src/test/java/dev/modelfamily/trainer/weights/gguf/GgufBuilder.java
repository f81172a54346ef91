package dev.modelfamily.trainer.weights.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Small GGUF files for tests. */
public final class GgufBuilder {
    private final Map<String, Object> pairs = new LinkedHashMap<>();
    private final List<TensorEntry> tensors = new ArrayList<>();
    private int version = 3;

    private record TensorEntry(String name, int type, List<Long> shape, MemorySegment data) {}

    private GgufBuilder() {}

    static GgufBuilder empty() {
        return new GgufBuilder();
    }

    /** A Llama of one layer: hidden 8, inner 16, 2 heads of 4, 1 of keys, 5 tokens; weights count up from 0. */
    public static GgufBuilder llama() {
        GgufBuilder gguf = new GgufBuilder()
                .with("general.architecture", "llama")
                .with("general.license", "apache-2.0")
                .with("llama.block_count", 1L)
                .with("llama.context_length", 64L)
                .with("llama.embedding_length", 8L)
                .with("llama.feed_forward_length", 16L)
                .with("llama.attention.head_count", 2L)
                .with("llama.attention.head_count_kv", 1L)
                .with("llama.attention.layer_norm_rms_epsilon", 1e-5)
                .with("llama.rope.freq_base", 10_000.0)
                .with("tokenizer.ggml.model", "gpt2")
                .with("tokenizer.ggml.pre", "smollm")
                .with("tokenizer.ggml.tokens", List.of("<|end|>", "a", "b", "ab", "1"))
                .with("tokenizer.ggml.token_type", List.of(3L, 1L, 1L, 1L, 1L))
                .with("tokenizer.ggml.merges", List.of("a b"))
                .with("tokenizer.ggml.eos_token_id", 0L)
                .tensor("token_embd.weight", 5, 8)
                .tensor("output_norm.weight", 8);
        return gguf.tensor("blk.0.attn_norm.weight", 8)
                .tensor("blk.0.ffn_norm.weight", 8)
                .tensor("blk.0.attn_q.weight", 8, 8)
                .tensor("blk.0.attn_k.weight", 4, 8)
                .tensor("blk.0.attn_v.weight", 4, 8)
                .tensor("blk.0.attn_output.weight", 8, 8)
                .tensor("blk.0.ffn_gate.weight", 16, 8)
                .tensor("blk.0.ffn_up.weight", 16, 8)
                .tensor("blk.0.ffn_down.weight", 8, 16);
    }

    /** The same under another architecture. */
    GgufBuilder as(String architecture) {
        Map<String, Object> renamed = new LinkedHashMap<>();
        pairs.forEach((key, value) -> renamed.put(key.replaceFirst("^llama\\.", architecture + "."), value));
        pairs.clear();
        pairs.putAll(renamed);
        return with("general.architecture", architecture);
    }

    public GgufBuilder with(String key, Object value) {
        pairs.put(key, value);
        return this;
    }

    GgufBuilder without(String key) {
        pairs.remove(key);
        return this;
    }

    GgufBuilder version(int number) {
        version = number;
        return this;
    }

    /** An F32 tensor that counts up from 0; the shape row-major. */
    GgufBuilder tensor(String name, long... shape) {
        int elements = 1;
        for (long size : shape) {
            elements *= (int) size;
        }
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = i;
        }
        return tensor(name, shape, values);
    }

    GgufBuilder tensor(String name, long[] shape, float... values) {
        return tensor(name, 0, shape, MemorySegment.ofArray(values).toArray(ValueLayout.JAVA_BYTE));
    }

    /** A tensor of any GGML type. */
    GgufBuilder tensor(String name, int type, long[] shape, byte[] data) {
        tensors.removeIf(tensor -> tensor.name.equals(name));
        tensors.add(new TensorEntry(name, type, LongStream.of(shape).boxed().toList(), MemorySegment.ofArray(data)));
        return this;
    }

    public Path write(Path file) {
        try {
            return Files.write(file, bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        int32(out, version);
        int64(out, tensors.size());
        int64(out, pairs.size());
        pairs.forEach((key, value) -> {
            text(out, key);
            int32(out, type(value));
            value(out, value);
        });
        long offset = 0;
        for (TensorEntry tensor : tensors) {
            text(out, tensor.name);
            int32(out, tensor.shape.size());
            tensor.shape.reversed().forEach(size -> int64(out, size));
            int32(out, tensor.type);
            int64(out, offset);
            offset += (tensor.data.byteSize() + 31) / 32 * 32;
        }
        for (TensorEntry tensor : tensors) {
            out.writeBytes(new byte[-out.size() & 31]);
            out.writeBytes(tensor.data.toArray(ValueLayout.JAVA_BYTE));
        }
        return out.toByteArray();
    }

    private static int type(Object value) {
        return switch (value) {
            case Long _ -> 4;
            case Double _ -> 6;
            case Boolean _ -> 7;
            case String _ -> 8;
            case List<?> _ -> 9;
            default -> throw new IllegalArgumentException(value.toString());
        };
    }

    private static void value(ByteArrayOutputStream out, Object value) {
        switch (value) {
            case Long number -> int32(out, number.intValue());
            case Double number -> int32(out, Float.floatToIntBits(number.floatValue()));
            case Boolean flag -> out.write(flag ? 1 : 0);
            case String text -> text(out, text);
            case List<?> list -> {
                int32(out, type(list.getFirst()));
                int64(out, list.size());
                list.forEach(element -> value(out, element));
            }
            default -> throw new IllegalArgumentException(value.toString());
        }
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int64(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void int32(ByteArrayOutputStream out, int value) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    private static void int64(ByteArrayOutputStream out, long value) {
        int32(out, (int) value);
        int32(out, (int) (value >>> 32));
    }
}
