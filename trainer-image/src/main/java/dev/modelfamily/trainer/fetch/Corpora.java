package dev.modelfamily.trainer.fetch;

import dev.modelfamily.contract.DataSource;
import java.nio.file.Path;
import java.util.List;

/** Brings the files of corpora to this machine. */
public final class Corpora {
    private final FetchSettings settings;

    /**
     * A corpus that can be read.
     *
     * @param files in the order in which they are read
     * @param revision the commit of a repository, or the digest of local files
     */
    public record Copy(List<Path> files, String revision) {}

    public Corpora(FetchSettings settings) {
        this.settings = settings;
    }

    /** Fetches what is not there yet. */
    public Copy fetch(DataSource data) {
        return switch (Source.of(data.uri(), data.revision(), settings.claims())) {
            case Source.Local local -> LocalFiles.corpus(local.path(), data.format(), data.subset(), data.split());
            case Source.Hub hub -> throw new UnsupportedOperationException(hub.toString());
        };
    }
}
