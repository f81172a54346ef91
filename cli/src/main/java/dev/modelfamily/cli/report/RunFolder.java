package dev.modelfamily.cli.report;

import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.lifecycle.StorageLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the files of a run. Nothing outside of its folder is read, whatever names the family has. */
final class RunFolder {
    private final Path root;
    private final StorageLayout layout;
    private final LenientJson json;
    private final List<String> notes;

    /**
     * @param notes gets a sentence for each thing that cannot be read
     * @throws StageException {@link ExitCode#NOT_FOUND} where the folder holds no run
     */
    RunFolder(Path root, List<String> notes) {
        this.root = root.toAbsolutePath().normalize();
        this.layout = new StorageLayout(this.root.toString());
        this.notes = notes;
        this.json = new LenientJson(this.root, notes);
        if (!Files.isDirectory(root)) {
            throw new StageException(ExitCode.NOT_FOUND, root + " is no folder; name the folder of a run");
        }
        if (!Files.exists(familyFile()) && !Files.isDirectory(this.root.resolve("members"))) {
            throw new StageException(
                    ExitCode.NOT_FOUND,
                    root
                            + " holds no run: there is neither family.json nor members; name the folder that 'run' wrote to");
        }
    }

    /** The name of the folder: what a family goes by whose own name is not known. */
    String name() {
        return Optional.ofNullable(root.getFileName()).map(Path::toString).orElse("family");
    }

    Optional<ModelFamily> family() {
        Optional<ModelFamily> family = json.read(familyFile(), ModelFamily.class);
        Optional<ModelFamily> complete = family.filter(read -> read.getSpec() != null
                && read.getSpec().parent() != null
                && read.getSpec().data() != null);
        if (family.isPresent() && complete.isEmpty()) {
            notes.add("family.json has no spec with parent and data, and was left out");
        }
        return complete;
    }

    /** The preparation whose parent has a digest; where none has, the first that can be read. */
    Optional<PrepareResult> prepared(String digest) {
        List<PrepareResult> all = folders(root.resolve("prepared")).stream()
                .flatMap(folder -> json.read(folder.resolve("result.json"), PrepareResult.class).stream())
                .toList();
        return all.stream()
                .filter(result ->
                        result.parent() != null && digest.equals(result.parent().digest()))
                .findFirst()
                .or(() -> all.stream().findFirst());
    }

    /** The names of all finished members. */
    List<String> memberNames() {
        return folders(root.resolve("members")).stream()
                .map(folder -> folder.getFileName().toString())
                .toList();
    }

    /** What a member's folder holds, else what its last attempt left, else the logs that a running stage keeps by its checkpoints. */
    MemberFiles files(MemberStatus member) {
        Optional<Path> finished = inside(layout.member(member.name()));
        if (finished.isPresent()) {
            MemberFiles files = MemberFiles.read(finished.get(), json);
            String key = files.manifest().map(manifest -> manifest.key()).orElse(member.key());
            if (member.key().isEmpty() || member.key().equals(key)) {
                return files;
            }
            notes.add("members/" + member.name() + " is what an earlier form of the family made (" + key
                    + "), and was left out");
        }
        return member.key().isEmpty()
                ? MemberFiles.NONE
                : Stream.of(layout.attempt(member.key(), member.attempt()), layout.checkpoints(member.key()))
                        .flatMap(place -> inside(place).stream())
                        .map(place -> MemberFiles.read(place, json))
                        .filter(files -> !files.isEmpty())
                        .findFirst()
                        .orElse(MemberFiles.NONE);
    }

    private Path familyFile() {
        return root.resolve("family.json");
    }

    /** A folder below this one; empty where there is none, or where a name such as {@code ..} leads away. */
    private Optional<Path> inside(String folder) {
        try {
            Path path = Path.of(folder);
            return path.normalize().equals(path) && path.startsWith(root) && Files.isDirectory(path)
                    ? Optional.of(path)
                    : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private List<Path> folders(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            notes.add(root.relativize(parent) + " cannot be listed: " + e.getMessage());
            return List.of();
        }
    }
}
