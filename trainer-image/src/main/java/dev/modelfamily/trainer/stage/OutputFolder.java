package dev.modelfamily.trainer.stage;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.Json;
import dev.modelfamily.contract.StageException;
import dev.modelfamily.contract.StageResult;
import dev.modelfamily.trainer.export.Members;
import dev.modelfamily.trainer.weights.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/** The folder of one attempt, which becomes the member. */
final class OutputFolder {
    private static final Logger LOG = Logger.getLogger(OutputFolder.class.getName());

    /** What an attempt writes; nothing else in the folder is ever touched. */
    private static final Pattern OURS = Pattern.compile(
            ".*\\.safetensors|.*\\.safetensors\\.index\\.json|.*\\.tmp|(configuration|modeling)_low_rank\\.py|config\\.json"
                    + "|README\\.md|(loss|evaluation)\\.jsonl|(run|manifest|cut-errors)\\.json|"
                    + String.join(
                            "|", Models.COMPANIONS.stream().map(Pattern::quote).toList()));

    private final Path folder;

    OutputFolder(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw failed("make", e);
        }
    }

    Path path() {
        return folder;
    }

    /** The result of an attempt that was killed after its last file: the member is whole. */
    Optional<StageResult> finished(String key) {
        if (!Members.isMember(folder) || !Files.isRegularFile(folder.resolve(Members.RUN))) {
            return Optional.empty();
        }
        try {
            boolean same = Members.verified(folder).key().equals(key);
            StageResult result = Json.read(folder.resolve(Members.RUN), StageResult.class);
            return same && result.digest().equals(Members.digest(folder)) ? Optional.of(result) : Optional.empty();
        } catch (StageException e) {
            LOG.log(Level.WARNING, "{0} holds a member that is not whole and is made again: {1}", new Object[] {
                folder, e.getMessage()
            });
            return Optional.empty();
        }
    }

    /** Deletes what an attempt that was killed left; its manifest first, so that half a member never looks whole. */
    void clean() {
        try {
            Files.deleteIfExists(folder.resolve(Members.MANIFEST));
            for (Path file : list()) {
                if (OURS.matcher(file.getFileName().toString()).matches()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw failed("clean", e);
        }
    }

    private List<Path> list() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private StageException failed(String what, IOException e) {
        return new StageException(
                ExitCode.UNREACHABLE, "cannot " + what + " the folder " + folder + ": " + e.getMessage(), e);
    }
}
