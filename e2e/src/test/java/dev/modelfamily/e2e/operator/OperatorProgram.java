package dev.modelfamily.e2e.operator;

import dev.modelfamily.e2e.cluster.Children;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The packaged operator as its image starts it, with its classes loaded and linked beforehand. */
final class OperatorProgram {
    private static final Path FOLDER = Place.ROOT.resolve("operator/target/quarkus-app");
    private static final Path PROGRAM = FOLDER.resolve("quarkus-run.jar");
    private static final Path CACHE = Path.of("target", "operator.aot").toAbsolutePath();
    private static final List<String> OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseCompactObjectHeaders",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager");

    private OperatorProgram() {}

    /** The command that starts it. */
    static List<String> command() {
        prepare();
        return with("-XX:AOTCache=" + CACHE, "-Xlog:aot=off", "-Xlog:cds=off");
    }

    /** The command that starts it without classes prepared beforehand. */
    static List<String> plainCommand() {
        return with();
    }

    private static List<String> with(String... more) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.add("-Xmx128m");
        command.addAll(List.of(more));
        command.addAll(List.of("-jar", PROGRAM.toString()));
        return command;
    }

    /** Starts it once up to where it finds no cluster, where that was not done since it was packaged. */
    private static synchronized void prepare() {
        try {
            if (Files.exists(CACHE) && newest().compareTo(Files.getLastModifiedTime(CACHE)) < 0) {
                return;
            }
            Files.deleteIfExists(CACHE);
            Path log = CACHE.resolveSibling("operator.aot.log");
            Process training = Children.start(
                    new ProcessBuilder(with("-XX:AOTCacheOutput=" + CACHE, "-Dquarkus.appcds.generate=true"))
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile()));
            training.waitFor(); // it finds no cluster, which is no matter
            if (!Files.exists(CACHE)) {
                throw new IllegalStateException("the operator's classes cannot be prepared; see " + log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the operator's classes were prepared", e);
        }
    }

    private static FileTime newest() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.map(OperatorProgram::modified)
                    .max(Comparator.naturalOrder())
                    .orElseThrow(() -> new IllegalStateException(FOLDER + " is empty: package the operator before"));
        }
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
