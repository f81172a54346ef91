package dev.modelfamily.trainer.weights.gguf;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.weights.Decoded;
import dev.modelfamily.trainer.weights.MappedFile;
import dev.modelfamily.trainer.weights.TensorInfo;
import dev.modelfamily.trainer.weights.WeightSource;
import dev.modelfamily.trainer.weights.gguf.GgufHeader.Entry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The tensors of a GGUF file under the names and in the layout of a Hugging Face checkpoint, decoded one at a time. */
final class GgufSource implements WeightSource {
    private final Path file;
    private final Arena arena;
    private final MemorySegment content;
    private final GgufHeader header;
    private final RotaryOrder rotary;
    private final SortedMap<String, TensorInfo> tensors = new TreeMap<>();
    private final SortedMap<String, Entry> entries = new TreeMap<>();

    private GgufSource(Path file, Arena arena) {
        this.file = file;
        this.arena = arena;
        this.content = MappedFile.map(file, arena);
        this.header = GgufHeader.read(file, content);
        this.rotary = RotaryOrder.of(header.metadata());
        header.tensors().values().stream()
                .filter(entry -> !entry.info().name().equals(TensorNames.ROPE_FACTORS))
                .forEach(this::add);
    }

    private void add(Entry entry) {
        TensorInfo stored = entry.info();
        String name = TensorNames.huggingFace(stored.name())
                .orElseThrow(() -> header.metadata()
                        .bad("has tensor " + stored.name() + ", which no Llama, Mistral, Qwen2 or Qwen3 model has"));
        if (!rotary.fits(stored)) {
            throw header.metadata()
                    .bad("has tensor " + stored.name() + " of shape " + stored.shape()
                            + ", which its attention heads cannot share");
        }
        entries.put(name, entry);
        tensors.put(name, new TensorInfo(name, stored.type(), stored.shape()));
    }

    @SuppressWarnings("MustBeClosedChecker") // the arena lives as long as the source and is closed by close()
    static GgufSource open(Path file) {
        Arena arena = Arena.ofShared();
        boolean whole = false;
        try {
            GgufSource source = new GgufSource(file, arena);
            whole = true;
            return source;
        } finally {
            if (!whole) {
                arena.close();
            }
        }
    }

    GgufHeader header() {
        return header;
    }

    /** The numbers of a small tensor under its name in the file. */
    float[] values(Entry entry) {
        float[] values = new float[Math.toIntExact(entry.info().elements())];
        MemorySegment target = MemorySegment.ofArray(values);
        Decoded.into(file, entry.info(), target, () -> entry.type().decode(data(entry), target));
        return values;
    }

    @Override
    public SortedMap<String, TensorInfo> tensors() {
        return Collections.unmodifiableSortedMap(tensors);
    }

    @Override
    public void read(String name, MemorySegment target) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new StageException(ExitCode.BAD_DATA, file + " has no tensor " + name + "; it has " + entries.size());
        }
        Decoded.into(file, tensors.get(name), target, () -> {
            entry.type().decode(data(entry), target);
            rotary.restore(entry.info(), target);
        });
    }

    private MemorySegment data(Entry entry) {
        return content.asSlice(entry.offset(), entry.bytes());
    }

    @Override
    public void close() {
        arena.close();
    }
}
