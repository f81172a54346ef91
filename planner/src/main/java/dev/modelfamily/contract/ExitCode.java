package dev.modelfamily.contract;

/** How the trainer ends. The numbers are those of {@code sysexits.h}, read by the Job's {@code podFailurePolicy}. */
public enum ExitCode {
    DONE(0, Meaning.DONE),
    BAD_ORDER(64, Meaning.PERMANENT),
    BAD_DATA(65, Meaning.PERMANENT),
    NOT_FOUND(66, Meaning.PERMANENT),
    UNREACHABLE(69, Meaning.RETRY),
    BUG(70, Meaning.RETRY),
    TRY_LATER(75, Meaning.RETRY),
    DENIED(77, Meaning.PERMANENT),
    TERMINATED(143, Meaning.RESUME),
    CRASHED(134, Meaning.RESUME);

    /** What an executor does next. */
    public enum Meaning {
        DONE,
        PERMANENT,
        RETRY,
        RESUME
    }

    private final int code;
    private final Meaning meaning;

    ExitCode(int code, Meaning meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    public Meaning meaning() {
        return meaning;
    }

    /** The meaning of any process's exit code: unknown ones from 128 up are signals or crashes, so resumed; others are retried. */
    public static Meaning meaningOf(int code) {
        for (ExitCode known : values()) {
            if (known.code == code) {
                return known.meaning;
            }
        }
        return code >= 128 ? Meaning.RESUME : Meaning.RETRY;
    }
}
