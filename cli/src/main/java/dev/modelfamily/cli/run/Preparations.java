package dev.modelfamily.cli.run;

import dev.modelfamily.api.v1alpha1.EvaluationSpec;
import dev.modelfamily.api.v1alpha1.MixPart;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.cli.folder.RunFolder;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.lifecycle.StorageLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The preparations on disk. One is void where what it points to is gone, or where a file of the user's, parent or text, was
 * changed after it: the next preparation then looks at all of them, and does again what has become different.
 */
final class Preparations {
    private static final String RESULT = "result.json";
    private static final String FILE = "file:";

    private final RunFolder folder;
    /** Those that were void at the start, with the time of their result. */
    private final SortedMap<Path, FileTime> outdated = new TreeMap<>();

    Preparations(RunFolder folder, ModelFamilySpec spec) {
        this.folder = folder;
        Set<Path> sources = sources(spec);
        for (Path place : Storage.list(folder.prepared())) {
            Path result = place.resolve(RESULT);
            if (Files.isRegularFile(result) && sources.stream().anyMatch(source -> isNewer(source, time(result)))) {
                outdated.put(result, time(result));
            }
        }
    }

    /** The whole ones, by key. */
    SortedMap<String, PrepareResult> look() {
        SortedMap<String, PrepareResult> results = new TreeMap<>();
        for (Path place : Storage.list(folder.prepared())) {
            Path file = place.resolve(RESULT);
            if (Files.isRegularFile(file) && !time(file).equals(outdated.get(file))) {
                read(file, StorageLayout.keyOf(place.getFileName().toString()), results);
            }
        }
        return results;
    }

    private static void read(Path file, String key, SortedMap<String, PrepareResult> results) {
        try {
            PrepareResult result = Json.read(file, PrepareResult.class);
            boolean whole = Stream.concat(
                            Stream.of(result.parent().path()),
                            result.data().stream().map(data -> data.ref().path()))
                    .allMatch(path -> Files.exists(Path.of(path)));
            if (whole) {
                results.put(key, result);
            }
        } catch (StageException _) {
            // Damaged: as if it were not there, so that it is made again.
        }
    }

    private static Set<Path> sources(ModelFamilySpec spec) {
        Set<String> uris = new HashSet<>(Set.of(spec.parent().uri()));
        spec.data().training().parts().stream().map(MixPart::uri).forEach(uris::add);
        spec.data().calibration().parts().stream().map(MixPart::uri).forEach(uris::add);
        spec.data().evaluation().stream().map(EvaluationSpec::uri).forEach(uris::add);
        Set<Path> paths = new HashSet<>();
        uris.stream()
                .filter(uri -> uri.startsWith(FILE))
                .map(uri -> Path.of(uri.substring(FILE.length())))
                .forEach(paths::add);
        return paths;
    }

    private static boolean isNewer(Path source, FileTime time) {
        if (!Files.exists(source)) {
            return false; // the preparation may have copied it; if not, it says itself what is missing
        }
        try (Stream<Path> files = Files.walk(source)) {
            return files.anyMatch(file -> time(file).compareTo(time) > 0);
        } catch (IOException _) {
            return true; // looked at by the preparation, which names what cannot be read
        }
    }

    private static FileTime time(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException _) {
            return FileTime.fromMillis(0);
        }
    }
}
