package dev.modelfamily.cli.run;

import org.jline.utils.Signals;

/** A signal that asks the tool to stop. */
enum Interruption {
    INT(2),
    TERM(15),
    HUP(1);

    private final int number;

    Interruption(int number) {
        this.number = number;
    }

    /** How a shell reports a program that ended by this signal. */
    int exitCode() {
        return 128 + number;
    }

    /** From now on these signals are news instead of the end. */
    static void tell(Mailbox mailbox) {
        for (Interruption signal : values()) {
            Signals.register(signal.name(), () -> mailbox.put(new News.Interrupted(signal)));
        }
    }
}
