package dev.modelfamily.trainer.fetch;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.report.Progression;
import dev.modelfamily.trainer.report.Reporter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A repository at a commit: its listing, and its files once they are fetched. */
final class Snapshot {
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final Source.Hub source;
    private final HubCache cache;
    private final Optional<Hub> hub;
    private final Patience patience;
    private final Listing listing;

    private Snapshot(Source.Hub source, HubCache cache, Optional<Hub> hub, Patience patience, Listing listing) {
        this.source = source;
        this.cache = cache;
        this.hub = hub;
        this.patience = patience;
        this.listing = listing;
    }

    /**
     * Resolves the revision. A commit whose files were listed before needs no network.
     *
     * @param token to show to the Hub
     * @throws StageException {@link ExitCode#NOT_FOUND} offline, where the cache does not know the revision; and as
     *     {@link Hub#listing}
     */
    static Snapshot of(Source.Hub source, FetchSettings settings, Token.Origin token) {
        return of(source, settings, token, Patience.real(), SILENCE);
    }

    static Snapshot of(
            Source.Hub source, FetchSettings settings, Token.Origin token, Patience patience, Duration silence) {
        HubCache cache = HubCache.of(settings.cache(), source.repository());
        Optional<Hub> hub = settings.offline()
                ? Optional.empty()
                : Optional.of(hub(settings.endpoint(), source.repository(), token.token(), patience, silence));
        return new Snapshot(source, cache, hub, patience, listing(source, cache, hub));
    }

    private static Hub hub(
            URI endpoint, Repository repository, Optional<Token> token, Patience patience, Duration silence) {
        return new Hub(endpoint, repository, new Http(endpoint, token, silence), token.isPresent(), patience);
    }

    private static Listing listing(Source.Hub source, HubCache cache, Optional<Hub> hub) {
        String revision = source.revision().isEmpty() ? "main" : source.revision();
        Optional<Listing> known = Optional.of(revision)
                .filter(asked -> hub.isEmpty() || Listing.isCommit(asked))
                .flatMap(asked -> Listing.isCommit(asked) ? Optional.of(asked) : cache.ref(asked))
                .flatMap(cache::listing);
        return known.orElseGet(() -> {
            Listing listed = hub.orElseThrow(() -> new StageException(
                            ExitCode.NOT_FOUND,
                            source + " at revision '" + revision + "' is not in the cache " + cache.folder()
                                    + ", which has commits " + cache.commits()
                                    + ", and HF_HUB_OFFLINE forbids to fetch it"))
                    .listing(revision);
            cache.remember(revision, listed);
            return listed;
        });
    }

    /** The files that there are. */
    Listing listing() {
        return listing;
    }

    /**
     * Fetches files that are not in the cache yet.
     *
     * @param paths in the repository; relative to its top
     * @return the folder that has them under their paths
     * @throws StageException as {@link Download} says; {@link ExitCode#UNREACHABLE} where the disk has no room for them
     */
    Path fetch(List<String> paths, Reporter reporter) {
        Path folder = cache.snapshot(listing.commit());
        List<RemoteFile> missing = paths.stream()
                .filter(path -> !Files.exists(folder.resolve(path)))
                .map(this::file)
                .toList();
        if (missing.isEmpty()) {
            return folder;
        }
        Disk.refuseTooFull(Disk.folder(cache.folder()), bytesLeft(missing), source.toString());
        long total =
                missing.stream().mapToLong(file -> Math.max(0, file.bytes())).sum();
        Progression progress = reporter.begin("fetch", total - bytesLeft(missing), total);
        long before = 0;
        for (RemoteFile file : missing) {
            fetch(file, folder.resolve(file.path()), before, progress);
            before += Math.max(0, file.bytes());
            progress.at(before);
        }
        return folder;
    }

    private void fetch(RemoteFile file, Path place, long before, Progression progress) {
        Path blob = cache.blob(listing.commit(), file);
        cache.holding(blob.getFileName().toString(), () -> {
            if (!Files.exists(blob)) {
                new Download(
                                online(file.path()),
                                patience,
                                listing.commit(),
                                file,
                                blob,
                                bytes -> progress.at(before + bytes))
                        .run();
            }
            Disk.appear(blob, place);
            return place;
        });
    }

    /** The first bytes of a file that is not in the cache; empty where the server sends whole files only. */
    Optional<byte[]> start(String path, long count) {
        return online(path).start(listing.commit(), path, count);
    }

    /**
     * What is known of a file, after asking the Hub where the listing says too little.
     *
     * @throws StageException {@link ExitCode#NOT_FOUND} where there is no such file
     */
    RemoteFile file(String path) {
        RemoteFile file =
                listing.at(path).orElseThrow(() -> ModelFiles.missing(source, "has no " + path, listing.paths()));
        boolean enough = file.bytes() >= 0 && file.checksum().known();
        return enough || hub.isEmpty() ? file : hub.get().describe(listing.commit(), file);
    }

    private Hub online(String path) {
        return hub.orElseThrow(() -> new StageException(
                ExitCode.NOT_FOUND,
                "the cache " + cache.folder() + " lacks " + path + " of commit " + listing.commit()
                        + ", and HF_HUB_OFFLINE forbids to fetch it"));
    }

    private long bytesLeft(List<RemoteFile> files) {
        List<Path> whole = new ArrayList<>();
        long left = 0;
        for (RemoteFile file : files) {
            Path blob = cache.blob(listing.commit(), file);
            long here = Files.exists(blob) || whole.contains(blob)
                    ? file.bytes()
                    : Disk.size(blob.resolveSibling(blob.getFileName() + ".part"));
            whole.add(blob);
            left += Math.max(0, file.bytes() - here);
        }
        return left;
    }
}
