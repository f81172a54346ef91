package dev.modelfamily.trainer.fetch;

import dev.modelfamily.contract.DataSource;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.corpus.CorpusFiles;
import dev.modelfamily.trainer.report.Reporter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Brings the files of corpora to this machine. Sets from one repository are of one commit, even if its branch moves. */
public final class Corpora {
    private final FetchSettings settings;
    private final Reporter reporter;
    private final Map<Opened, Snapshot> snapshots = new HashMap<>();

    /**
     * A corpus that can be read.
     *
     * @param files in the order in which they are read
     * @param revision the commit of a repository, or the digest of local files
     */
    public record Copy(List<Path> files, String revision) {}

    private record Opened(Repository repository, String revision, String tokenFile) {}

    public Corpora(FetchSettings settings, Reporter reporter) {
        this.settings = settings;
        this.reporter = reporter;
    }

    /**
     * Fetches what is not there yet.
     *
     * @throws StageException with the exit code that tells what kind of thing is wrong
     */
    public Copy fetch(DataSource data) {
        return switch (Source.of(data.uri(), data.revision(), settings.claims())) {
            case Source.Local local -> LocalFiles.corpus(local.path(), data.format(), data.subset(), data.split());
            case Source.Hub hub -> fetch(hub, data);
        };
    }

    private Copy fetch(Source.Hub source, DataSource data) {
        if (source.repository().kind() != Repository.Kind.DATASET) {
            throw new StageException(
                    ExitCode.BAD_ORDER,
                    "the URI '" + data.uri() + "' of data set '" + data.name()
                            + "' names a model; write hf://datasets/OWNER/NAME");
        }
        Snapshot snapshot = snapshots.computeIfAbsent(
                new Opened(source.repository(), source.revision(), data.tokenFile()),
                _ -> Snapshot.of(source, settings, settings.tokenOf(data.tokenFile())));
        List<String> paths = paths(source, data, snapshot.listing());
        Path folder = snapshot.fetch(paths, reporter);
        return new Copy(
                paths.stream().map(folder::resolve).toList(), snapshot.listing().commit());
    }

    private static List<String> paths(Source.Hub source, DataSource data, Listing listing) {
        if (listing.at(source.path()).isPresent()) {
            return List.of(source.path());
        }
        List<String> below = listing.below(source.path());
        if (below.isEmpty()) {
            throw ModelFiles.missing(source, "does not exist", listing.paths());
        }
        String start = source.path().isEmpty() ? "" : source.path() + "/";
        return CorpusFiles.choose(below, data.format(), data.subset(), data.split(), source.toString()).stream()
                .map(path -> start + path)
                .toList();
    }
}
