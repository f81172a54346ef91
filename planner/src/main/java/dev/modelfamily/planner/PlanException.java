package dev.modelfamily.planner;

/** A family that cannot be made as it is written. The message begins with the path of the field, such as {@code members[2].size}. */
public final class PlanException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public PlanException(String path, String message) {
        super(path + ": " + message);
    }
}
