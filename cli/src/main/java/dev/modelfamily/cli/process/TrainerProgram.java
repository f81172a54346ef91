package dev.modelfamily.cli.process;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The trainer as a program of its own.
 *
 * @param command that starts it, without the trainer's arguments
 */
public record TrainerProgram(List<String> command) {
    /** The system property with the folder that has {@code trainer-image/target}: the launcher sets it. */
    public static final String HOME = "modelfamily.home";

    private static final String MAIN = "dev.modelfamily.trainer.Main";

    /**
     * What the Java heap of the trainer may grow to. Weights and activations are not in it: PyTorch keeps its own memory, and
     * files are mapped.
     */
    private static final String HEAP = "-Xmx2g";

    /**
     * The trainer of this installation, run by the Java virtual machine that runs this tool.
     *
     * @throws StageException {@link ExitCode#NOT_FOUND} where it is not built
     */
    public static TrainerProgram installed() {
        String home = System.getProperty(HOME);
        if (home == null) {
            throw new StageException(
                    ExitCode.NOT_FOUND,
                    "the system property " + HOME + " is not set; start the tool with ./modelfamily");
        }
        Path target = Path.of(home, "trainer-image", "target");
        if (!hasJars(target) || !hasJars(target.resolve("lib"))) {
            throw new StageException(
                    ExitCode.NOT_FOUND,
                    target + " has no jars: the trainer is not built; start the tool with ./modelfamily");
        }
        return new TrainerProgram(List.of(
                java(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                HEAP,
                "-XX:+UseSerialGC",
                "-XX:-CreateCoredumpOnCrash",
                "-cp",
                target + "/*" + File.pathSeparator + target + "/lib/*",
                MAIN));
    }

    /** The trainer with arguments, not yet started. It never calls out for libraries of its own. */
    public ProcessBuilder with(List<String> arguments) {
        List<String> all = new ArrayList<>(command);
        all.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(all);
        builder.environment().putIfAbsent("DJL_OFFLINE", "true");
        builder.environment().putIfAbsent("RUST_FLAVOR", "cpu");
        return builder;
    }

    /** The program of the running Java virtual machine. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static boolean hasJars(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".jar"));
        } catch (IOException _) {
            return false; // not there, which the caller says
        }
    }
}
