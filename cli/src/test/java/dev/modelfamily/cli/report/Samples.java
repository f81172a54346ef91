package dev.modelfamily.cli.report;

import java.io.IOException;
import java.nio.file.Path;

/** Whole runs of the kinds that people will look at. */
final class Samples {
    private Samples() {}

    /** Three members of a parent with 30 layers and two evaluation sets. */
    static Run big(Path folder) throws IOException {
        return Run.in(folder)
                .named("smollm2")
                .parent(30, 576, 1536, 9, 3, 49152)
                .set("docs", 15.3)
                .set("novel", 41.47)
                .finished("large", 0.85, 1500, 5.2, 1.18)
                .finished("medium", 0.65, 1500, 9.5, 1.62)
                .finished("small", 0.45, 3000, 30, 2.6);
    }

    /** Three members of a parent with 4 layers and one evaluation set, cut so plainly that nothing of the parent is left. */
    static Run tiny(Path folder) throws IOException {
        return Run.in(folder)
                .named("quickstart")
                .parent(4, 192, 512, 6, 2, 8192)
                .set("docs", 24.36)
                .finished("large", 0.8, 60, 900, 1.2)
                .finished("medium", 0.6, 60, 20_000, 1.7)
                .finished("small", 0.4, 60, 3e6, 2.9);
    }

    /** One member made, one in the middle, one failed, one still to come. */
    static Run halfDone(Path folder) throws IOException {
        return Run.in(folder)
                .named("half-done")
                .phase("Running")
                .parent(12, 256, 768, 8, 4, 16384)
                .set("docs", 19.2)
                .finished("large", 0.8, 400, 6, 1.3)
                .running("medium", 0.6, 400, 250)
                .failed("branch", 0.55, "exit code 65: training.jsonl has no line with a field 'text'")
                .pending("small", 0.4, 400);
    }
}
