package dev.modelfamily.trainer.weights;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.data.ContentDigest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The content digest of a model. What does not change what it computes, such as its model card, is left out. */
final class ModelDigest {
    /** Bytes between two reports of progress. */
    private static final long PART = 16L << 20;

    private ModelDigest() {}

    static String ofFile(Path file, LongConsumer progress) {
        ContentDigest digest = new ContentDigest();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment content = MappedFile.map(file, arena);
            for (long at = 0; at < content.byteSize(); at += PART) {
                long size = Math.min(PART, content.byteSize() - at);
                digest.update(content.asSlice(at, size));
                progress.accept(size);
            }
        }
        return digest.finish();
    }

    static String ofFolder(Path folder, LongConsumer progress) {
        String listing = files(folder).stream()
                .map(name -> name + " " + ofFile(folder.resolve(name), progress) + "\n")
                .collect(Collectors.joining());
        return ContentDigest.of(listing);
    }

    static long bytes(Path folder) {
        return files(folder).stream()
                .mapToLong(name -> folder.resolve(name).toFile().length())
                .sum();
    }

    private static List<String> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.equals(Models.CONFIG)
                            || Models.COMPANIONS.contains(name)
                            || name.endsWith(".safetensors")
                            || name.equals(SafetensorsSource.INDEX))
                    .sorted()
                    .toList();
            if (names.stream().noneMatch(name -> name.endsWith(".safetensors"))) {
                throw new StageException(
                        ExitCode.NOT_FOUND, folder + " holds no model: no safetensors and no GGUF file");
            }
            return names;
        } catch (IOException e) {
            throw MappedFile.unreadable(folder, e);
        }
    }
}
