package dev.modelfamily.cli.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each bad family holds what must be said of it in the comments at its end. */
class ValidatorTest {
    private static final Path FAMILIES = Path.of("src", "test", "resources", "families");
    private static final String EXPECTED = "#: ";
    private static final Validator VALIDATOR = new Validator();

    static List<Path> good() throws IOException {
        return files("good");
    }

    static List<Path> bad() throws IOException {
        return files("bad");
    }

    @ParameterizedTest
    @MethodSource("good")
    void aGoodFamilyHasNoProblem(Path file) {
        assertThat(VALIDATOR.validate(file)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("bad")
    void ofABadFamilyItIsSaidWhatIsWrongAndWhere(Path file) throws IOException {
        List<String> expected;
        try (Stream<String> lines = Files.lines(file)) {
            expected = lines.filter(line -> line.startsWith(EXPECTED))
                    .map(line -> line.substring(EXPECTED.length()))
                    .toList();
        }

        assertThat(expected).isNotEmpty();
        assertThat(VALIDATOR.validate(file)).extracting(Problem::toString).containsExactlyElementsOf(expected);
    }

    @Test
    void aProblemNamesTheColumnOfTheField() {
        List<Problem> problems = VALIDATOR.validate(FAMILIES.resolve("bad").resolve("size-of-four-percent.yaml"));

        assertThat(problems).first().extracting(Problem::line, Problem::column).containsExactly(14, 21);
    }

    @Test
    void aFileThatIsNotThereIsNotFound(@TempDir Path folder) {
        assertThatThrownBy(() -> VALIDATOR.validate(folder.resolve("family.yaml")))
                .isInstanceOfSatisfying(
                        StageException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NOT_FOUND))
                .hasMessageEndingWith("family.yaml does not exist");
    }

    @Test
    void aFileThatIsNotTextIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("family.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});

        assertThat(VALIDATOR.validate(file)).extracting(Problem::message).containsExactly("this is not text in UTF-8");
    }

    @Test
    void rulesReachTheLastMemberThatAFamilyMayHave(@TempDir Path folder) throws IOException {
        StringBuilder yaml = new StringBuilder("""
                apiVersion: modelfamily.dev/v1alpha1
                kind: ModelFamily
                metadata: {name: demo}
                spec:
                  parent: {uri: file:parent}
                  data: {training: {uri: file:texts.txt}}
                  members:
                """);
        for (int i = 0; i < 31; i++) {
            yaml.append("    - {name: m" + i + ", size: " + (99 - i) + "%, tokens: 0}\n");
        }
        yaml.append("    - {name: last, size: 80%, tokens: 0}\n");

        List<Problem> problems = VALIDATOR.validate(Files.writeString(folder.resolve("family.yaml"), yaml));

        assertThat(problems).extracting(Problem::path).containsExactly("spec.members[31].size");
    }

    private static List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.list(FAMILIES.resolve(folder))) {
            return files.sorted().toList();
        }
    }
}
