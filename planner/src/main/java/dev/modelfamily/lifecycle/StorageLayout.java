package dev.modelfamily.lifecycle;

/**
 * Where things lie in a family's storage. The trainer is told folders, as its process or pod sees them; users are told where the
 * same thing is found from anywhere, which for a volume is {@code pvc://CLAIM/PATH}.
 *
 * @param root a folder, without a slash at its end
 * @param claims the folder below which pods see volumes by the names of their claims; empty where there are none
 */
public record StorageLayout(String root, String claims) {
    private static final String DIGEST = "sha256:";
    private static final String VOLUME = "pvc://";

    /** The storage of a machine's own folder. */
    public StorageLayout(String root) {
        this(root, "");
    }

    /** Where users find a folder of this storage, or of another family's. */
    public String uri(String path) {
        return !claims.isEmpty() && path.startsWith(claims + "/") ? VOLUME + path.substring(claims.length() + 1) : path;
    }

    /** The folder that the trainer sees where users are told this URI. */
    public String path(String uri) {
        return uri.startsWith(VOLUME) ? claims + "/" + uri.substring(VOLUME.length()) : uri;
    }

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
