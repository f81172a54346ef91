package dev.modelfamily.e2e.cluster;

/** Something that a pod mounts or names is not there yet. */
final class MissingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MissingException(String message) {
        super(message);
    }
}
