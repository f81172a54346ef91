package dev.modelfamily.trainer.fetch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.planner.ModelShapes;
import dev.modelfamily.trainer.report.Reporter;
import dev.modelfamily.trainer.weights.Models;
import dev.modelfamily.trainer.weights.SafetensorsSource;
import java.nio.file.Path;
import java.util.List;

/** Brings the pre-trained model of a family to this machine. */
public final class Parents {
    private final FetchSettings settings;
    private final Reporter reporter;
    private final Path output;

    /**
     * A model that can be opened.
     *
     * @param path a Hugging Face folder or a GGUF file
     * @param revision the commit of a repository; empty for local files, whose digest is their revision
     */
    public record Copy(Path path, String revision) {}

    /**
     * Fetches for one family.
     *
     * @param output the folder below which a model of the Hub appears, as links to the cache or as copies; a local model is
     *     used where it lies
     */
    public Parents(FetchSettings settings, Reporter reporter, Path output) {
        this.settings = settings;
        this.reporter = reporter;
        this.output = output;
    }

    /**
     * Fetches what is not there yet.
     *
     * @param tokenFile the file with the token; empty for none
     * @param headersOnly to fetch no weights but their headers, so that the model opens and its tensors cannot be read
     * @throws StageException with the exit code that tells what kind of thing is wrong
     */
    public Copy fetch(String uri, String revision, String tokenFile, boolean headersOnly) {
        return switch (Source.of(uri, revision, settings.claims())) {
            case Source.Local local -> new Copy(LocalFiles.existing(local.path()), "");
            case Source.Hub hub -> {
                refuseDataSet(hub, uri);
                Snapshot snapshot = Snapshot.of(hub, settings, settings.tokenOf(tokenFile));
                yield switch (ModelFiles.choose(hub, snapshot.listing())) {
                    case ModelFiles.Gguf gguf -> gguf(snapshot, gguf, headersOnly);
                    case ModelFiles.Folder folder -> folder(snapshot, folder, headersOnly);
                };
            }
        };
    }

    private static void refuseDataSet(Source.Hub hub, String uri) {
        if (hub.repository().kind() != Repository.Kind.MODEL) {
            throw new StageException(
                    ExitCode.BAD_ORDER, "the URI '" + uri + "' of the parent names a data set; write hf://OWNER/NAME");
        }
    }

    private Copy gguf(Snapshot snapshot, ModelFiles.Gguf model, boolean headersOnly) {
        Path place = place(snapshot);
        if (headersOnly) {
            return new Copy(
                    new Headers(snapshot, place, reporter).gguf(model.path()),
                    snapshot.listing().commit());
        }
        Path fetched = snapshot.fetch(List.of(model.path()), reporter).resolve(model.path());
        Path file = place.resolve(fetched.getFileName());
        Disk.appear(fetched, file);
        return new Copy(file, snapshot.listing().commit());
    }

    private Copy folder(Snapshot snapshot, ModelFiles.Folder model, boolean headersOnly) {
        Path cached = snapshot.fetch(model.small(), reporter);
        // Before the weights: what cannot be made smaller need not be fetched.
        ModelShapes.of(config(cached.resolve(model.path(Models.CONFIG))));
        List<String> weights = weights(cached, model);
        Path place = place(snapshot);
        model.small().forEach(path -> appear(cached.resolve(path), place));
        if (headersOnly) {
            Headers headers = new Headers(snapshot, place, reporter);
            weights.forEach(headers::safetensors);
        } else {
            snapshot.fetch(weights, reporter);
            weights.forEach(path -> appear(cached.resolve(path), place));
        }
        return new Copy(place, snapshot.listing().commit());
    }

    private static List<String> weights(Path cached, ModelFiles.Folder model) {
        return model
                .index()
                .map(index -> SafetensorsSource.shards(cached.resolve(index)).values().stream()
                        .distinct()
                        .sorted()
                        .toList())
                .orElse(List.of(SafetensorsSource.SINGLE))
                .stream()
                .map(model::path)
                .toList();
    }

    private static void appear(Path cached, Path folder) {
        Disk.appear(cached, folder.resolve(cached.getFileName()));
    }

    /** A folder for each commit: a revision that moves between two runs does not mix two models. */
    private Path place(Snapshot snapshot) {
        return output.resolve(snapshot.listing().commit());
    }

    private static JsonNode config(Path file) {
        try {
            return Json.read(file, JsonNode.class);
        } catch (StageException e) {
            throw e.exitCode() == ExitCode.BAD_ORDER
                    ? new StageException(ExitCode.BAD_DATA, e.getMessage(), e) // a model is no order
                    : e;
        }
    }
}
