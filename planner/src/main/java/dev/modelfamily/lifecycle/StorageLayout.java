package dev.modelfamily.lifecycle;

/**
 * Where things lie in a family's storage.
 *
 * @param root a folder, without a slash at its end
 */
public record StorageLayout(String root) {
    private static final String DIGEST = "sha256:";

    /** The output of a preparation: the parent, the token files and {@code result.json}. */
    public String prepared(String key) {
        return root + "/prepared/" + folder(key);
    }

    /** All that belongs to one stage. */
    public String stage(String key) {
        return root + "/stages/" + folder(key);
    }

    /** The output of one attempt; it becomes the member. */
    public String attempt(String key, int attempt) {
        return stage(key) + "/attempt-" + attempt;
    }

    /** The checkpoints of a stage, shared by its attempts. */
    public String checkpoints(String key) {
        return stage(key) + "/checkpoints";
    }

    /** The finished member by its name: a link to the output of an attempt, kept by the executor. */
    public String member(String name) {
        return root + "/members/" + name;
    }

    /** The key of a stage or a preparation, by the name of its folder. */
    public static String keyOf(String folder) {
        return DIGEST + folder;
    }

    /** The folder name of a key: its digits alone, since a colon is not a file name everywhere. */
    private static String folder(String key) {
        return key.substring(key.indexOf(':') + 1);
    }
}
