package dev.modelfamily.e2e.node;

import static dev.modelfamily.e2e.node.Commands.ROOT;

import java.nio.file.Path;
import java.util.List;

/** The project's two images, out of what is packaged. */
final class Images {
    private static final Path FOLDER = Path.of("target", "images").toAbsolutePath();

    private Images() {}

    /** Builds both; some minutes. Docker archives, under the names that the chart uses by default. */
    static List<Path> build() {
        Commands.run(
                FOLDER.resolve("build.log"),
                List.of(
                        ROOT.resolve("images/build").toString(),
                        "--packaged",
                        "--base",
                        "debian",
                        "--save",
                        FOLDER.toString()));
        return List.of(FOLDER.resolve("operator.tar"), FOLDER.resolve("trainer.tar"));
    }
}
