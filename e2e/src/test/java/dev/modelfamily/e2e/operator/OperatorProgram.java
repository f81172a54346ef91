package dev.modelfamily.e2e.operator;

import dev.modelfamily.e2e.cluster.Children;
import dev.modelfamily.e2e.cluster.Folders;
import dev.modelfamily.e2e.cluster.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The packaged operator, started as its image starts it, or as anyone may. */
final class OperatorProgram {
    private static final Path PACKAGED = Place.ROOT.resolve("operator/target/quarkus-app");
    private static final Path WARM_UP = Place.ROOT.resolve("images/warm-up");
    private static final Path LAID_OUT = Path.of("target", "operator").toAbsolutePath();
    private static final Path CACHE = LAID_OUT.resolve("operator.aot");
    private static final Path VALUES = Place.ROOT.resolve("charts/modelfamily-operator/values.yaml");
    private static final Pattern LIMIT = Pattern.compile("\n {2}limits:\n {4}memory: (\\d+)Mi\n");
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private OperatorProgram() {}

    /**
     * As the image does: with its options, and with its classes loaded and linked beforehand. In {@link #folder}, and as if the
     * machine had no more memory than the chart allows.
     */
    static List<String> command() {
        layOut();
        return List.of(
                JAVA.toString(),
                "-XX:AOTCache=operator.aot",
                "-Xlog:aot*=off",
                "-Xlog:cds*=off",
                "-XX:MaxRAM=" + memoryLimit() + "m",
                "@java.args");
    }

    /** With {@code java -jar}, and no options at all. */
    static List<String> plainCommand() {
        return List.of(
                JAVA.toString(), "-jar", PACKAGED.resolve("quarkus-run.jar").toString());
    }

    /** Where it is started. */
    static Path folder() {
        return Folders.create(LAID_OUT);
    }

    /** What the image's build does with what is packaged, where that was not done since. */
    private static synchronized void layOut() {
        try {
            if (Files.exists(CACHE) && newest().compareTo(Files.getLastModifiedTime(CACHE)) < 0) {
                return;
            }
            Folders.delete(LAID_OUT);
            Folders.copy(PACKAGED, LAID_OUT);
            Path log = LAID_OUT.resolveSibling("operator.log");
            ProcessBuilder warmUp = new ProcessBuilder(
                            WARM_UP.toString(),
                            JAVA.toString(),
                            LAID_OUT.toString(),
                            Integer.toString(Ports.free()),
                            Integer.toString(Ports.free()),
                            Integer.toString(Ports.free()))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            warmUp.environment().merge("PATH", JAVA.getParent().toString(), (path, first) -> first + ":" + path);
            if (Children.startTidy(warmUp).waitFor() != 0) {
                throw new IllegalStateException("the operator's classes cannot be prepared; see " + log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the operator's classes were prepared", e);
        }
    }

    /** In MB. */
    private static String memoryLimit() {
        try {
            Matcher limit = LIMIT.matcher(Files.readString(VALUES));
            if (!limit.find()) {
                throw new IllegalStateException(VALUES + " has no limit of the operator's memory in Mi");
            }
            return limit.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileTime newest() throws IOException {
        List<Path> parts = new ArrayList<>(List.of(WARM_UP));
        try (Stream<Path> files = Files.walk(PACKAGED)) {
            parts.addAll(files.toList());
        }
        return Collections.max(parts.stream().map(OperatorProgram::modified).toList());
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
