package dev.modelfamily.e2e.operator;

import dev.modelfamily.e2e.cluster.Behaviour;
import dev.modelfamily.e2e.cluster.Children;
import dev.modelfamily.e2e.cluster.Image;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The packaged trainer: in pods, laid out as in its image, and behind the command line tool. */
final class RealTrainer {
    private static final Path PACKAGED = Place.ROOT.resolve("trainer-image/target");
    private static final Path CLI = Place.ROOT.resolve("cli/target");
    private static final Pattern LIBTORCH = Pattern.compile("pytorch-native-cpu-(.*?)-linux-x86_64\\.jar");

    private RealTrainer() {}

    /**
     * Makes a family with the command line tool, in a process that is on its way when this returns.
     *
     * @param claims the folder with the volumes of claims by their names
     * @param out the folder of the run
     * @param log what the tool says
     */
    static Process run(Path family, Path claims, Path out, Path log) {
        List<String> command = new ArrayList<>(java());
        command.addAll(List.of(
                "-Dmodelfamily.home=" + Place.ROOT,
                "-cp",
                CLI + "/*:" + CLI + "/lib/*",
                "dev.modelfamily.cli.Main",
                "run",
                family.toString(),
                "--threads",
                "1",
                "--out",
                out.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("MODELFAMILY_CLAIMS", claims.toString());
        return Children.start(builder);
    }

    /** What happens in a pod whose image is the trainer's. */
    static Behaviour inPod() {
        Path libtorch = libtorch();
        List<String> command = new ArrayList<>(java());
        command.addAll(List.of(
                "-XX:MaxRAMPercentage=25",
                "-DPYTORCH_LIBRARY_PATH=/opt/torch",
                "-DPYTORCH_FLAVOR=cpu",
                "-DPYTORCH_VERSION=" + libtorch.getFileName(),
                "-cp",
                "/opt/trainer/*:/opt/libraries/*",
                "dev.modelfamily.trainer.Main"));
        return new Behaviour.Local(new Image(
                command,
                Map.of("LD_LIBRARY_PATH", "/opt/torch", "DJL_OFFLINE", "true", "RUST_FLAVOR", "cpu"),
                Map.of("/opt/torch", libtorch, "/opt/trainer", PACKAGED, "/opt/libraries", PACKAGED.resolve("lib"))));
    }

    private static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC");
    }

    /** Unpacked once, rather than in each pod; the folder has the name of the version. */
    private static synchronized Path libtorch() {
        try (Stream<Path> jars = Files.list(PACKAGED.resolve("lib"))) {
            Path jar = jars.filter(file ->
                            LIBTORCH.matcher(file.getFileName().toString()).matches())
                    .findAny()
                    .orElseThrow(() -> new IllegalStateException("the trainer is not packaged with libtorch"));
            Matcher version = LIBTORCH.matcher(jar.getFileName().toString());
            version.matches();
            Path folder = Path.of("target", "libtorch", version.group(1)).toAbsolutePath();
            if (!Files.exists(folder)) {
                Path unpacked = Files.createDirectories(folder.resolveSibling(version.group(1) + ".new"));
                unpack(jar, unpacked);
                Files.move(unpacked, folder);
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void unpack(Path jar, Path folder) throws IOException {
        try (FileSystem inside = FileSystems.newFileSystem(jar);
                Stream<Path> files = Files.walk(inside.getPath("/pytorch"))) {
            for (Path file : files.filter(
                            path -> String.valueOf(path.getFileName()).contains(".so"))
                    .toList()) {
                Files.copy(file, folder.resolve(file.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
