package dev.modelfamily.trainer.fetch;

/**
 * A file of a repository at a commit.
 *
 * @param path in the repository
 * @param bytes its size; negative where it is not known
 * @param checksum of its bytes
 */
record RemoteFile(String path, long bytes, Checksum checksum) {
    static final long UNKNOWN = -1;
}
