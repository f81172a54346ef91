package dev.modelfamily.trainer.prepare;

import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.data.TokenManifest;
import dev.modelfamily.trainer.data.TokenSet;
import dev.modelfamily.trainer.fetch.Disk;
import dev.modelfamily.trainer.weights.MappedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Token sets that other preparations of the same storage made: an order that changed in one data set gives a new output beside
 * the old one, and the other sets need not be made again.
 *
 * @param output of this preparation; its siblings are looked through
 */
record Neighbours(Path output) {
    /** The folder of token sets in an output. */
    static final String DATA = "data";

    /** Makes a whole set that fits appear in a folder, if there is one, as links where the file system can. */
    Optional<TokenManifest> bring(Predicate<TokenManifest> fits, Path place) {
        return folders(output.getParent()).stream()
                .filter(other -> !other.equals(output))
                .flatMap(other -> folders(other.resolve(DATA)).stream())
                .flatMap(set -> whole(set, fits).map(manifest -> linked(set, place, manifest)).stream())
                .findFirst();
    }

    /** The manifest of a set that fits and whose content is what its manifest says. */
    static Optional<TokenManifest> whole(Path set, Predicate<TokenManifest> fits) {
        try (TokenSet found = TokenSet.open(set)) {
            if (!fits.test(found.manifest())) {
                return Optional.empty();
            }
            found.verify();
            return Optional.of(found.manifest());
        } catch (StageException e) {
            return switch (e.exitCode()) {
                // Half written, damaged since, or deleted meanwhile: made again.
                case NOT_FOUND, BAD_DATA, BAD_ORDER -> Optional.empty();
                default -> throw e;
            };
        }
    }

    private static TokenManifest linked(Path set, Path place, TokenManifest manifest) {
        TokenSet.FILES.forEach(name -> Disk.appear(set.resolve(name), place.resolve(name)));
        return manifest;
    }

    private static List<Path> folders(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw MappedFile.unreadable(folder, e);
        }
    }
}
