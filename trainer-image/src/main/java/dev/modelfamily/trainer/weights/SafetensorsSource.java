package dev.modelfamily.trainer.weights;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.weights.SafetensorsHeader.Entry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The tensors of one safetensors file, or of the shards that an index names. Files are mapped; headers are read at once. */
public final class SafetensorsSource implements WeightSource {
    /** The file of a model that is not sharded. */
    public static final String SINGLE = "model.safetensors";

    /** The file that says which shard a tensor is in. */
    public static final String INDEX = "model.safetensors.index.json";

    private final Arena arena;
    private final SortedMap<String, Place> places;
    private final SortedMap<String, TensorInfo> tensors = new TreeMap<>();

    private record Place(Path file, TensorInfo info, MemorySegment data) {}

    private SafetensorsSource(Arena arena, SortedMap<String, Place> places) {
        this.arena = arena;
        this.places = places;
        places.forEach((name, place) -> tensors.put(name, place.info()));
    }

    /**
     * Opens the weights of a Hugging Face folder: {@code model.safetensors.index.json} and its shards where there is one, else
     * {@code model.safetensors}. Tensors of a shard that the index does not name are no part of the model.
     *
     * @throws StageException {@link ExitCode#NOT_FOUND} where a file is missing, {@link ExitCode#BAD_DATA} where one is damaged
     */
    public static SafetensorsSource openFolder(Path folder) {
        Path index = folder.resolve(INDEX);
        if (!Files.exists(index)) {
            if (!Files.exists(folder.resolve(SINGLE))) {
                throw new StageException(
                        ExitCode.NOT_FOUND,
                        folder + " holds neither " + SINGLE + " nor " + INDEX + "; weights are read from safetensors");
            }
            return openFile(folder.resolve(SINGLE));
        }
        Map<String, String> shards = shards(index);
        return open(arena -> {
            Map<String, SortedMap<String, Place>> opened = new HashMap<>();
            SortedMap<String, Place> places = new TreeMap<>();
            shards.forEach((name, shard) -> {
                Path file = folder.resolve(shard);
                Place place =
                        opened.computeIfAbsent(shard, _ -> places(file, arena)).get(name);
                if (place == null) {
                    throw new StageException(
                            ExitCode.BAD_DATA,
                            index + " says that tensor " + name + " is in " + shard + ", which lacks it");
                }
                places.put(name, place);
            });
            return places;
        });
    }

    /**
     * Opens one file.
     *
     * @throws StageException {@link ExitCode#NOT_FOUND} where it is missing, {@link ExitCode#BAD_DATA} where it is damaged
     */
    public static SafetensorsSource openFile(Path file) {
        return open(arena -> places(file, arena));
    }

    @FunctionalInterface
    private interface Mapping {
        SortedMap<String, Place> in(Arena arena);
    }

    @SuppressWarnings("MustBeClosedChecker") // the arena lives as long as the source and is closed by close()
    private static SafetensorsSource open(Mapping mapping) {
        Arena arena = Arena.ofShared();
        boolean whole = false;
        try {
            SafetensorsSource source = new SafetensorsSource(arena, mapping.in(arena));
            whole = true;
            return source;
        } finally {
            if (!whole) {
                arena.close();
            }
        }
    }

    private static SortedMap<String, Place> places(Path file, Arena arena) {
        MemorySegment content = MappedFile.map(file, arena);
        SortedMap<String, Place> places = new TreeMap<>();
        for (Map.Entry<String, Entry> entry :
                SafetensorsHeader.read(file, content).entries().entrySet()) {
            Entry tensor = entry.getValue();
            MemorySegment data = content.asSlice(tensor.offset(), tensor.bytes());
            places.put(entry.getKey(), new Place(file, tensor.info(), data));
        }
        return places;
    }

    /**
     * The shard of each tensor by the index of a model.
     *
     * @throws StageException {@link ExitCode#BAD_DATA} where it is not such an index
     */
    public static SortedMap<String, String> shards(Path index) {
        SortedMap<String, String> shards = new TreeMap<>();
        try {
            JsonNode map = Json.mapper().readTree(MappedFile.bytes(index)).path("weight_map");
            if (!map.isObject() || map.isEmpty()) {
                throw new StageException(ExitCode.BAD_DATA, index + " has no weight_map");
            }
            for (Map.Entry<String, JsonNode> entry : map.properties()) {
                String shard = entry.getValue().asText();
                if (!shard.matches("[^/\\\\\\x00]+\\.safetensors")) {
                    throw new StageException(
                            ExitCode.BAD_DATA,
                            index + " names '" + shard + "' for tensor " + entry.getKey()
                                    + "; the name of a .safetensors file beside it is needed");
                }
                shards.put(entry.getKey(), shard);
            }
            return shards;
        } catch (IOException e) {
            throw new StageException(ExitCode.BAD_DATA, index + " is not JSON: " + e.getMessage(), e);
        }
    }

    @Override
    public SortedMap<String, TensorInfo> tensors() {
        return Collections.unmodifiableSortedMap(tensors);
    }

    @Override
    public void read(String name, MemorySegment target) {
        Place place = places.get(name);
        if (place == null) {
            throw new StageException(
                    ExitCode.BAD_DATA, "the model has no tensor " + name + "; it has " + places.size());
        }
        ElementType type = ElementType.named(place.info().type())
                .orElseThrow(() -> new StageException(
                        ExitCode.BAD_DATA,
                        place.file() + ": tensor " + name + " is stored as "
                                + place.info().type() + "; weights are read from F32, F16, BF16 and F64"));
        Decoded.into(place.file(), place.info(), target, () -> type.decode(place.data(), target));
    }

    @Override
    public void close() {
        arena.close();
    }
}
