package dev.modelfamily.trainer.fetch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of a repository at a commit.
 *
 * @param commit 40 hex digits
 */
record Listing(String commit, List<RemoteFile> files) {
    private static final String COMMIT = "[0-9a-f]{40}";

    /** Whether a revision is a commit, which never moves. */
    static boolean isCommit(String revision) {
        return revision.matches(COMMIT);
    }

    /**
     * Reads what the Hub answers to the question for a revision.
     *
     * @param place whom to blame
     * @throws StageException {@link ExitCode#BAD_DATA} where it is no such answer
     */
    static Listing of(JsonNode answer, String place) {
        String commit = answer.path("sha").asText();
        if (!isCommit(commit) || !answer.path("siblings").isArray()) {
            throw new StageException(
                    ExitCode.BAD_DATA,
                    place + " did not answer as the Hugging Face Hub does: no commit or no list of files;"
                            + " check HF_ENDPOINT");
        }
        List<RemoteFile> files = new ArrayList<>();
        for (JsonNode sibling : answer.path("siblings")) {
            files.add(file(sibling, place));
        }
        return new Listing(commit, List.copyOf(files));
    }

    private static RemoteFile file(JsonNode sibling, String place) {
        String path = sibling.path("rfilename").asText();
        // The path becomes one on this machine.
        if (path.isEmpty() || path.matches("/.*|.*[\\\\\\x00].*|(.*/)?\\.{1,2}(/.*)?")) {
            throw new StageException(
                    ExitCode.BAD_DATA, place + " lists a file named '" + path + "', which is not a path inside it");
        }
        JsonNode large = sibling.path("lfs");
        String hex = large.isObject()
                ? large.path("sha256").asText(large.path("oid").asText())
                : sibling.path("blobId").asText();
        long bytes = large.path("size").asLong(sibling.path("size").asLong(RemoteFile.UNKNOWN));
        return new RemoteFile(path, bytes, Checksum.ofTag(hex));
    }

    /** The file at a path. */
    Optional<RemoteFile> at(String path) {
        return files.stream().filter(file -> file.path().equals(path)).findFirst();
    }

    /** All paths. */
    List<String> paths() {
        return files.stream().map(RemoteFile::path).toList();
    }

    /** The paths below a folder, relative to it; of the whole repository where the folder is empty. */
    List<String> below(String folder) {
        String start = folder.isEmpty() ? "" : folder + "/";
        return paths().stream()
                .filter(path -> path.startsWith(start))
                .map(path -> path.substring(start.length()))
                .toList();
    }
}
