package dev.modelfamily.trainer.fetch;

import dev.modelfamily.api.v1alpha1.DataFormat;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.corpus.CorpusFiles;
import dev.modelfamily.trainer.data.ContentDigest;
import dev.modelfamily.trainer.weights.MappedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Models and corpora that lie on this machine: they are read where they are. */
final class LocalFiles {
    private static final int NAMED = 8;

    private LocalFiles() {}

    /** A path that exists. */
    static Path existing(Path path) {
        if (!Files.exists(path)) {
            throw new StageException(ExitCode.NOT_FOUND, path + " does not exist; " + around(path));
        }
        return path;
    }

    /** The files of a corpus, and their digest as its revision. */
    static Corpora.Copy corpus(Path path, DataFormat format, String subset, String split) {
        Path root = existing(path);
        if (!Files.isDirectory(root)) {
            return new Corpora.Copy(List.of(root), digest(root.toAbsolutePath().getParent(), List.of(root)));
        }
        List<Path> files = CorpusFiles.choose(relative(root), format, subset, split, root.toString()).stream()
                .map(root::resolve)
                .toList();
        return new Corpora.Copy(files, digest(root, files));
    }

    private static List<String> relative(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .toList();
        } catch (IOException e) {
            throw MappedFile.unreadable(root, e);
        }
    }

    /** The digest of the lines {@code NAME DIGEST}. */
    private static String digest(Path root, List<Path> files) {
        StringBuilder lines = new StringBuilder();
        for (Path file : files) {
            ContentDigest content = new ContentDigest();
            try {
                content.update(file);
            } catch (IOException e) {
                throw MappedFile.unreadable(file, e);
            }
            lines.append(root.relativize(file))
                    .append(' ')
                    .append(content.finish())
                    .append('\n');
        }
        return ContentDigest.of(lines.toString());
    }

    /** What there is on the way to a path that does not exist. */
    private static String around(Path missing) {
        Path folder = missing.toAbsolutePath().getParent();
        while (folder != null && !Files.isDirectory(folder)) {
            folder = folder.getParent();
        }
        if (folder == null) {
            return "nor does any folder above it";
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .sorted()
                    .limit(NAMED)
                    .toList();
            return folder + " holds " + (names.isEmpty() ? "nothing" : String.join(", ", names));
        } catch (IOException e) {
            return folder + " cannot be listed: " + e.getMessage();
        }
    }
}
