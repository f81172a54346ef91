package dev.modelfamily.e2e.cluster;

/**
 * How a container ended.
 *
 * @param reason as a kubelet says it: {@code Completed}, {@code Error}, {@code OOMKilled}
 * @param message the termination message, at most 4096 bytes of it
 */
record Ending(int exitCode, String reason, String message) {
    static Ending of(int exitCode, String message) {
        return new Ending(exitCode, exitCode == 0 ? "Completed" : "Error", message);
    }

    static Ending outOfMemory() {
        return new Ending(137, "OOMKilled", "");
    }
}
