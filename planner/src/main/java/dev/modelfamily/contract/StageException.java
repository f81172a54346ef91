package dev.modelfamily.contract;

/** An error that ends a stage with a documented exit code. The message says what is wrong, where, and what to do next. */
public final class StageException extends RuntimeException {
    private final ExitCode exitCode;

    public StageException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public StageException(ExitCode exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public ExitCode exitCode() {
        return exitCode;
    }
}
