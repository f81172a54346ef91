package dev.modelfamily.trainer.fetch;

import java.nio.file.Path;

/** Brings the pre-trained model to this machine. */
public final class Parents {
    private final FetchSettings settings;

    /**
     * A model that can be opened.
     *
     * @param path a Hugging Face folder or a GGUF file
     * @param revision the commit of a repository; empty for local files, whose digest is their revision
     */
    public record Copy(Path path, String revision) {}

    public Parents(FetchSettings settings) {
        this.settings = settings;
    }

    /** Fetches what is not there yet. */
    public Copy fetch(String uri, String revision) {
        return switch (Source.of(uri, revision, settings.claims())) {
            case Source.Local local -> new Copy(LocalFiles.existing(local.path()), "");
            case Source.Hub hub -> throw new UnsupportedOperationException(hub.toString());
        };
    }
}
