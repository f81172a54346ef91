package dev.modelfamily.trainer.torch;

import picocli.CommandLine.Option;

/** How many threads a command computes with, as its user asks. */
public final class Threads {
    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "CPU threads; 0 for all. Default: ${DEFAULT-VALUE}")
    private int asked;

    /** 0 for all. */
    public int asked() {
        return asked;
    }

    /** Computes with them from now on. */
    public void set() {
        Torch.setThreads(asked);
    }
}
