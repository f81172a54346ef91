package dev.modelfamily.trainer.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.ModelShapes;
import dev.modelfamily.trainer.model.LanguageModel;
import dev.modelfamily.trainer.model.Layout;
import dev.modelfamily.trainer.report.Progression;
import dev.modelfamily.trainer.torch.Arguments;
import dev.modelfamily.trainer.torch.Tensor;
import dev.modelfamily.trainer.weights.ElementType;
import dev.modelfamily.trainer.weights.Models;
import dev.modelfamily.trainer.weights.OpenModel;
import dev.modelfamily.trainer.weights.SafetensorsWriter;
import dev.modelfamily.trainer.weights.TensorToWrite;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Multiplies factors out, {@code W [out, in] = U [out, r] V [r, in]}, into a stock checkpoint of the base architecture. One matrix
 * is in memory at a time. The folder appears whole or not at all.
 */
final class DenseExport {
    private final OpenModel source;
    private final ModelShape shape;
    private final ElementType type;
    private final Progression progress;
    private final AtomicLong done = new AtomicLong();

    private DenseExport(OpenModel source, ElementType type, Progression progress) {
        this.source = source;
        this.shape = ModelShapes.of(source.config());
        this.type = type;
        this.progress = progress;
    }

    /**
     * Writes the stock checkpoint of a model.
     *
     * @param target a folder that does not exist yet, or is empty
     * @param progress counted in parameters of the target
     * @throws StageException {@link ExitCode#BAD_ORDER} where the target holds something, {@link ExitCode#BAD_DATA} where the model
     *     is damaged or a value does not fit the type, {@link ExitCode#UNREACHABLE} where the disk is full
     */
    static void write(Path model, Path target, ElementType type, Progression progress) {
        refuseUsed(target);
        if (Members.isMember(model)) {
            Members.verified(model);
        }
        Path partial = target.toAbsolutePath().normalize().resolveSibling("." + target.getFileName() + ".partial");
        try (OpenModel source = Models.open(model)) {
            new DenseExport(source, type, progress).writeTo(partial, model);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (DirectoryNotEmptyException e) {
            throw used(target);
        } catch (IOException e) {
            throw new StageException(
                    ExitCode.UNREACHABLE,
                    "cannot move the finished export to " + target + ": " + e.getMessage()
                            + "; name a folder that does not exist yet",
                    e);
        } finally {
            delete(partial);
        }
    }

    private static void refuseUsed(Path target) {
        if (Files.isDirectory(target)) {
            try (Stream<Path> files = Files.list(target)) {
                if (files.findAny().isPresent()) {
                    throw used(target);
                }
            } catch (IOException e) {
                throw new StageException(ExitCode.UNREACHABLE, "cannot list " + target + ": " + e.getMessage(), e);
            }
        } else if (Files.exists(target)) {
            throw used(target);
        }
    }

    private static StageException used(Path target) {
        return new StageException(
                ExitCode.BAD_ORDER, target + " exists and is not an empty folder; give another, or delete it");
    }

    private void writeTo(Path folder, Path model) {
        delete(folder);
        List<TensorToWrite> tensors = new ArrayList<>();
        for (Layout.Slot slot : Layout.of(shape.withRanks(new TreeMap<>())).slots()) {
            tensors.add(TensorToWrite.filled(slot.name(), type, slot.shape(), memory -> {
                fill(slot, memory);
                progress.at(done.addAndGet(slot.elements()));
            }));
        }
        SafetensorsWriter.write(folder, MemberFiles.BASE_NAME, tensors, SafetensorsWriter.SHARD_BYTES);
        ObjectNode config = MemberConfig.stock(source.config(), shape, type);
        SortedMap<String, byte[]> files = new TreeMap<>(source.companions());
        files.put(MemberFiles.CONFIG, Json.bytes(config));
        files.put(MemberFiles.CARD, card(model).getBytes(StandardCharsets.UTF_8));
        MemberFiles.write(folder, files);
    }

    private String card(Path model) {
        String license = source.license().isEmpty() ? "" : "license: " + source.license() + "\n";
        return "---\n" + license + "library_name: transformers\npipeline_tag: text-generation\n---\n# "
                + model.toAbsolutePath().normalize().getFileName() + "\n\nThe factors of a member made by ModelFamily,"
                + " multiplied out: a stock checkpoint of type `" + shape.modelType()
                + "`, as large as the parent and as good as the member.\n";
    }

    private void fill(Layout.Slot slot, MemorySegment memory) {
        String name = slot.name();
        int dot = name.lastIndexOf('.');
        String linear = name.substring(0, dot);
        Integer rank = shape.ranks().get(linear);
        if (rank == null) {
            source.weights().read(name, memory);
        } else if (name.endsWith(".bias")) {
            source.weights().read(linear + ".u.bias", memory);
        } else {
            multiply(linear, rank, slot.shape(), memory);
        }
    }

    private void multiply(String linear, int rank, List<Long> shapeOfProduct, MemorySegment memory) {
        try (Tensor u = LanguageModel.zeros(shapeOfProduct.getFirst(), rank);
                Tensor v = LanguageModel.zeros(rank, shapeOfProduct.getLast())) {
            u.fill(values -> source.weights().read(linear + ".u.weight", values));
            v.fill(values -> source.weights().read(linear + ".v.weight", values));
            try (Tensor product = LanguageModel.script()
                    .tensor("multiply", Arguments.of().tensor(u).tensor(v))) {
                product.copyTo(memory);
            }
        }
    }

    private static void delete(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new StageException(ExitCode.UNREACHABLE, "cannot delete " + folder + ": " + e.getMessage(), e);
        }
    }
}
