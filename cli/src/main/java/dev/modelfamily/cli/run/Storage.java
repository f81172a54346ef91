package dev.modelfamily.cli.run;

import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.cli.folder.RunFolder;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.contract.StageResult;
import dev.modelfamily.lifecycle.StorageLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The stages on disk. Members that were there at the start are read to their last byte once; those made since come from the
 * trainer, which has just checked them itself.
 */
final class Storage {
    static final String ATTEMPT = "attempt-";
    private static final String CHECKPOINTS = "checkpoints";

    private final RunFolder folder;
    /** What is wrong with a member by its folder; empty where nothing is. */
    private final SortedMap<Path, Optional<String>> checked = new TreeMap<>();

    private boolean atStart = true;

    Storage(RunFolder folder) {
        this.folder = folder;
    }

    /**
     * What lies there.
     *
     * @param finished whole members, by key
     * @param damaged what is wrong with members of which no other copy is whole, by key
     * @param leftovers keys of stages with something to clean
     */
    record Content(
            SortedMap<String, StageResult> finished, SortedMap<String, String> damaged, SortedSet<String> leftovers) {}

    /** Looks at all stages. */
    Content look(ModelFamilyStatus status) {
        Content content = new Content(new TreeMap<>(), new TreeMap<>(), new TreeSet<>());
        list(folder.stages()).forEach(stage -> look(stage, content));
        for (MemberStatus member : status.members()) {
            if (member.optionalResult().isPresent() && !content.finished().containsKey(member.key())) {
                content.damaged()
                        .putIfAbsent(member.key(), member.optionalResult().get().uri() + " is gone");
            }
        }
        content.damaged().keySet().removeAll(content.finished().keySet());
        atStart = false;
        return content;
    }

    /** An attempt has ended: whatever was wrong with a member in its folder says nothing of what is there now. */
    void ended(AttemptId attempt) {
        checked.remove(Path.of(folder.layout().attempt(attempt.key(), attempt.number())));
    }

    private void look(Path stage, Content content) {
        String key = StorageLayout.keyOf(stage.getFileName().toString());
        List<Path> attempts = list(stage).stream()
                .filter(path -> path.getFileName().toString().startsWith(ATTEMPT))
                .toList();
        for (Path attempt : attempts) {
            if (Files.isRegularFile(attempt.resolve(MemberCheck.MANIFEST))) {
                Optional<String> damage = checked.computeIfAbsent(attempt, this::check);
                damage.ifPresent(sentence -> content.damaged().put(key, sentence));
                if (damage.isEmpty()) {
                    StageResult result = Json.read(attempt.resolve(MemberCheck.RUN), StageResult.class);
                    // The folder may have been moved since.
                    content.finished().put(key, result.at(attempt.toString()));
                }
            }
        }
        boolean whole = content.finished().containsKey(key);
        if (attempts.size() > (whole ? 1 : 0) || Files.exists(stage.resolve(CHECKPOINTS))) {
            content.leftovers().add(key);
        }
    }

    private Optional<String> check(Path member) {
        return atStart ? MemberCheck.damage(member) : Optional.empty();
    }

    /** The folders in a folder; none where it is missing. */
    static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new StageException(ExitCode.UNREACHABLE, "cannot list " + folder + ": " + e, e);
        }
    }
}
