package dev.modelfamily.e2e.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.cli.validate.Problem;
import dev.modelfamily.cli.validate.Validator;
import dev.modelfamily.e2e.cluster.ControlPlane;
import dev.modelfamily.e2e.cluster.Kubectl;
import dev.modelfamily.e2e.cluster.SharedCluster;
import dev.modelfamily.e2e.definition.ApiServer.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The command line tool judges a family file as the API server does, and names the same fields. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class VerdictTest {
    private static final Path TOOL = Path.of("..", "cli", "src", "test", "resources", "families");
    private static final Path API = Path.of("..", "crds", "src", "test", "resources", "families");
    private static final Pattern NAMESPACE = Pattern.compile("(?m)^ *namespace: *([a-z0-9-]+)");

    private static final Validator VALIDATOR = new Validator();

    private static ApiServer server;

    @BeforeAll
    static void install(ControlPlane cluster) {
        Definitions.install(cluster);
        server = new ApiServer(cluster);
    }

    static List<Path> good() throws IOException {
        return Stream.concat(files(TOOL.resolve("good")), files(API)).toList();
    }

    /** Those that hold a family: of the others there is nothing to ask the API server. */
    static List<Path> bad() throws IOException {
        return files(TOOL.resolve("bad"))
                .filter(file -> !families(file).isEmpty())
                .toList();
    }

    /** Through kubectl, which makes JSON of the YAML: so a mapping may take fields from another and give some of them anew. */
    @ParameterizedTest
    @MethodSource("good")
    void whatTheToolTakesTheApiServerTakes(Path file, ControlPlane cluster) {
        Kubectl.Result result =
                cluster.kubectl().run("create", "--dry-run=server", "--validate=strict", "--filename=" + file);

        assertThat(VALIDATOR.validate(file)).isEmpty();
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).contains("modelfamily.modelfamily.dev/");
    }

    /** Directly: kubectl would keep only the last of two fields of the same name, and say nothing. */
    @ParameterizedTest
    @MethodSource("bad")
    void whatTheToolRefusesTheApiServerRefusesAtTheSameField(Path file) {
        List<String> named =
                VALIDATOR.validate(file).stream().map(Problem::path).toList();
        List<Verdict> refusals = families(file).stream()
                .map(VerdictTest::judge)
                .filter(Predicate.not(Verdict::accepts))
                .toList();

        assertThat(named).isNotEmpty();
        assertThat(refusals).isNotEmpty();
        assertThat(refusals)
                .allSatisfy(refusal -> assertThat(refusal.paths())
                        .as(refusal.message())
                        .allSatisfy(path -> assertThat(named).anyMatch(name -> isTheSame(name, path))));
    }

    /**
     * One may be more exact than the other: the tool says which field a rule of a whole object is about, and the API server which
     * fields of a mapping are unknown that should be a list. Of a resource of another type it knows no field at all.
     */
    private static boolean isTheSame(String name, String path) {
        return isWithin(name, path) || isWithin(path, name) || name.equals("apiVersion");
    }

    private static boolean isWithin(String inner, String outer) {
        return outer.isEmpty() || inner.equals(outer) || inner.startsWith(outer + ".") || inner.startsWith(outer + "[");
    }

    private static Verdict judge(String family) {
        Matcher namespace = NAMESPACE.matcher(family);
        return server.judge(namespace.find() ? namespace.group(1) : "default", family);
    }

    /** The documents of a file that are, or are meant as, families. */
    private static List<String> families(Path file) {
        try {
            return Pattern.compile("(?m)^---$")
                    .splitAsStream(Files.readString(file))
                    .filter(document -> document.lines().anyMatch(line -> !line.isBlank() && !line.startsWith("#")))
                    .filter(document -> !document.contains("kind: ConfigMap"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList().stream();
        }
    }
}
