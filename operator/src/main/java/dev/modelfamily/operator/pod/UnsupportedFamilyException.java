package dev.modelfamily.operator.pod;

/** A family that cannot be made on a cluster as it is written. The message says which field and what to write instead. */
public final class UnsupportedFamilyException extends RuntimeException {
    public UnsupportedFamilyException(String message) {
        super(message);
    }
}
