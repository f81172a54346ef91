package dev.modelfamily.trainer.fetch;

import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.data.ContentDigest;
import dev.modelfamily.trainer.weights.MappedFile;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What was fetched of one repository:
 *
 * <pre>
 * refs/REVISION            the commit that a revision stood for when it was last asked for
 * listings/COMMIT.json     the files of a commit
 * blobs/CHECKSUM           the bytes of a file; of several commits where it did not change
 * blobs/CHECKSUM.part      the first bytes of a file that is being fetched
 * snapshots/COMMIT/PATH    the same files under their names: links, or copies where the file system has no links
 * locks/NAME.lock          held by the process that writes NAME
 * </pre>
 *
 * A file that has its name is whole and its checksum was right.
 */
record HubCache(Path folder) {
    /** The cache of a repository below the cache of all. */
    static HubCache of(Path caches, Repository repository) {
        return new HubCache(caches.resolve(repository.folder()));
    }

    /** The commit that a revision stood for when it was last asked for. */
    Optional<String> ref(String revision) {
        return read(refFile(revision), String.class);
    }

    /** Remembers a listing, and that a revision stands for its commit. */
    void remember(String revision, Listing listing) {
        holding(listing.commit(), () -> {
            Path file = listingFile(listing.commit());
            Disk.folder(file.getParent());
            Json.writeAtomically(file, listing);
            return file;
        });
        holding("ref-" + escaped(revision), () -> {
            Path file = refFile(revision);
            Disk.folder(file.getParent());
            Json.writeAtomically(file, listing.commit());
            return file;
        });
    }

    /** The files of a commit, if they were ever listed. */
    Optional<Listing> listing(String commit) {
        return read(listingFile(commit), Listing.class);
    }

    /** The commits that were listed. */
    List<String> commits() {
        Path listings = folder.resolve("listings");
        if (!Files.isDirectory(listings)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(listings)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw MappedFile.unreadable(listings, e);
        }
    }

    /** The folder with the files of a commit that were fetched. */
    Path snapshot(String commit) {
        return folder.resolve("snapshots").resolve(commit);
    }

    /** Where the bytes of a file are, or will be. */
    Path blob(String commit, RemoteFile file) {
        String name = file.checksum().known()
                ? file.checksum().hex()
                : "unchecked-" + ContentDigest.of(commit + "/" + file.path()).substring("sha256:".length());
        return folder.resolve("blobs").resolve(name);
    }

    /** Does something that one process at a time may do. */
    <T> T holding(String name, Supplier<T> work) {
        return Locks.holding(folder.resolve("locks").resolve(name + ".lock"), work);
    }

    private Path refFile(String revision) {
        return folder.resolve("refs").resolve(escaped(revision));
    }

    private Path listingFile(String commit) {
        return folder.resolve("listings").resolve(commit + ".json");
    }

    private static String escaped(String revision) {
        return URLEncoder.encode(revision, StandardCharsets.UTF_8);
    }

    private static <T> Optional<T> read(Path file, Class<T> type) {
        try {
            return Files.exists(file) ? Optional.of(Json.read(file, type)) : Optional.empty();
        } catch (StageException e) {
            return switch (e.exitCode()) {
                // Damaged, or of another version: as if it were not there, and written again.
                case BAD_ORDER, NOT_FOUND -> Optional.empty();
                default -> throw e;
            };
        }
    }
}
