package dev.modelfamily.trainer.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Layout;
import dev.modelfamily.trainer.torch.Tensor;
import dev.modelfamily.trainer.weights.AtomicFiles;
import dev.modelfamily.trainer.weights.ElementType;
import dev.modelfamily.trainer.weights.SafetensorsWriter;
import dev.modelfamily.trainer.weights.TensorToWrite;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes what a folder needs to be loaded as a factored model. */
public final class MemberFiles {
    static final String CONFIG = "config.json";
    static final String CARD = "README.md";
    static final String BASE_NAME = "model";
    private static final List<String> CODE = List.of("configuration_low_rank.py", "modeling_low_rank.py");

    private MemberFiles() {}

    /**
     * Writes a model's weights in fp32, as they are in memory.
     *
     * @return the files, the index of shards among them
     * @throws dev.modelfamily.contract.StageException as {@link SafetensorsWriter#write}
     */
    public static List<Path> writeWeights(Path folder, LanguageModel model, long maxShardBytes) {
        List<TensorToWrite> tensors = new ArrayList<>();
        for (int i = 0; i < model.tensors().size(); i++) {
            Layout.Slot slot = model.layout().slots().get(i);
            Tensor tensor = model.tensors().get(i);
            tensors.add(
                    new TensorToWrite(slot.name(), ElementType.F32, slot.shape(), pieces -> tensor.read(pieces::read)));
        }
        return SafetensorsWriter.write(folder, BASE_NAME, tensors, maxShardBytes);
    }

    /**
     * The files beside the weights: configuration, the code that reads it, and what travels with the parent.
     *
     * @param config of the parent
     * @param companions tokenizer files and the like, by name
     */
    public static SortedMap<String, byte[]> beside(
            LanguageModel model, ObjectNode config, SortedMap<String, byte[]> companions) {
        SortedMap<String, byte[]> files = new TreeMap<>(companions);
        files.put(CONFIG, Json.bytes(MemberConfig.factored(config, model.shape())));
        for (String name : CODE) {
            files.put(name, resource(name));
        }
        return files;
    }

    /** Writes small files, all of them or none. */
    public static void write(Path folder, SortedMap<String, byte[]> files) {
        long bytes =
                files.values().stream().mapToLong(content -> content.length).sum();
        try (AtomicFiles output = new AtomicFiles(folder, bytes)) {
            files.forEach(output::write);
            output.commit();
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = MemberFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its resource " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the program's resource " + name, e);
        }
    }
}
