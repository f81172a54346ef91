package dev.modelfamily.trainer.corpus;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Counts lines that are broken or empty and keeps the first few, to name them. */
public final class BadLines {
    private static final int NAMED = 5;

    private final List<String> first = new ArrayList<>();
    private long lines;
    private long bad;

    /** A line was read, good or bad. */
    void line() {
        lines++;
    }

    /** The line that was just read is bad. */
    void bad(String file, String place, String why) {
        bad++;
        if (first.size() < NAMED) {
            first.add(file + " " + place + ": " + why);
        }
    }

    /** How many lines were bad so far. */
    public long count() {
        return bad;
    }

    /**
     * Ends the reading where too many lines were bad.
     *
     * @param share of all lines that may be bad, 0 to 1
     * @param set the name of the data set
     * @param remedy what to do, such as {@code mend the data}
     * @throws StageException {@link ExitCode#BAD_DATA} with the first bad lines
     */
    public void refuseAbove(double share, String set, String remedy) {
        if (bad > share * lines) {
            throw new StageException(
                    ExitCode.BAD_DATA,
                    String.format(
                            Locale.ROOT,
                            "data set '%s': %d of %d lines (%.2f %%) are broken, and %.2f %% may be; %s."
                                    + " The first: %s",
                            set,
                            bad,
                            lines,
                            100.0 * bad / lines,
                            100 * share,
                            remedy,
                            String.join("; ", first)));
        }
    }
}
