package dev.modelfamily.trainer.fetch;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.trainer.weights.Models;
import dev.modelfamily.trainer.weights.SafetensorsSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which files of a repository make up a model: one GGUF file; or {@code config.json}, the tokenizer's files, the model card for
 * its licence, and the weights as safetensors. Files that can run code when they are loaded are never chosen.
 */
sealed interface ModelFiles {
    /** A model in one file. */
    record Gguf(String path) implements ModelFiles {}

    /**
     * A model as a folder.
     *
     * @param folder in the repository, empty for all of it
     * @param small the paths of all files but the weights
     * @param index the path of the file that names the shards; empty where there is one weight file
     */
    record Folder(String folder, List<String> small, Optional<String> index) implements ModelFiles {
        /** The path of a file of the model. */
        String path(String name) {
            return folder.isEmpty() ? name : folder + "/" + name;
        }
    }

    /**
     * Chooses the files of a model.
     *
     * @param source names the folder or file
     * @param listing of the repository
     * @throws StageException {@link ExitCode#NOT_FOUND} where there is no model, with what there is; {@link ExitCode#BAD_DATA}
     *     where it is in a format that is not read
     */
    static ModelFiles choose(Source.Hub source, Listing listing) {
        if (source.path().endsWith(".gguf")) {
            if (listing.at(source.path()).isEmpty()) {
                throw missing(source, "does not exist", listing.paths());
            }
            return new Gguf(source.path());
        }
        List<String> names = listing.below(source.path()).stream()
                .filter(path -> !path.contains("/"))
                .toList();
        boolean sharded = names.contains(SafetensorsSource.INDEX);
        if (names.contains(Models.CONFIG) && (sharded || names.contains(SafetensorsSource.SINGLE))) {
            return folder(source, names, sharded);
        }
        List<String> ggufs =
                names.stream().filter(name -> name.endsWith(".gguf")).toList();
        if (ggufs.size() == 1) {
            return new Gguf(new Folder(source.path(), List.of(), Optional.empty()).path(ggufs.getFirst()));
        }
        if (!ggufs.isEmpty()) {
            throw missing(source, "holds " + ggufs.size() + " GGUF files; name one in the URI", ggufs);
        }
        if (names.stream().anyMatch(ModelFiles::isPickled)) {
            throw new StageException(
                    ExitCode.BAD_DATA,
                    source + " has its weights in a format that is not read; convert them to safetensors, with"
                            + " transformers: AutoModelForCausalLM.from_pretrained(...).save_pretrained(...)");
        }
        throw missing(source, "holds no model", listing.below(source.path()).isEmpty() ? listing.paths() : names);
    }

    private static Folder folder(Source.Hub source, List<String> names, boolean sharded) {
        if (!names.contains(Models.TOKENIZER)) {
            throw missing(
                    source,
                    "has no " + Models.TOKENIZER + ", which transformers writes with"
                            + " AutoTokenizer.from_pretrained(...).save_pretrained(...)",
                    names);
        }
        Set<String> wanted = Set.of(Models.CONFIG, "README.md", SafetensorsSource.INDEX);
        Folder empty = new Folder(source.path(), List.of(), Optional.empty());
        List<String> small = names.stream()
                .filter(name -> wanted.contains(name) || Models.COMPANIONS.contains(name))
                .map(empty::path)
                .toList();
        return new Folder(
                source.path(), small, sharded ? Optional.of(empty.path(SafetensorsSource.INDEX)) : Optional.empty());
    }

    private static boolean isPickled(String name) {
        return Stream.of(".bin", ".pt", ".pth", ".ckpt", ".h5", ".msgpack").anyMatch(name::endsWith);
    }

    /** What was asked for is not there; the message names some of what is. */
    static StageException missing(Source.Hub source, String what, List<String> there) {
        List<String> few = there.subList(0, Math.min(12, there.size()));
        return new StageException(
                ExitCode.NOT_FOUND,
                source + " " + what + "; there are " + few
                        + (few.size() < there.size() ? " and " + (there.size() - few.size()) + " more" : ""));
    }
}
