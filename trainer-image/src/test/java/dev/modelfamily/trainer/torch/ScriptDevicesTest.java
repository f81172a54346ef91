package dev.modelfamily.trainer.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a script makes out of nothing lies on the processor unless it says where, and is then refused beside tensors of a GPU. */
class ScriptDevicesTest {
    /** With all their arguments, up to a bracket that is nested once in another. */
    private static final Pattern MADE = Pattern.compile(
            "torch\\.(empty|zeros|ones|full|arange|eye|tensor|linspace|rand\\w*|tril_indices)\\(((?:[^()]|\\((?:[^()]|\\([^()]*\\))*\\))*)\\)");

    static List<Path> scripts() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/dev/modelfamily/trainer/torch"))) {
            return files.toList();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void whatAScriptMakesLiesWhereItSays(Path script) throws IOException {
        List<MatchResult> made =
                MADE.matcher(Files.readString(script)).results().toList();

        assertThat(made)
                .filteredOn(call -> !call.group(2).contains("device="))
                .extracting(MatchResult::group)
                .isEmpty();
        assertThat(script.endsWith("memory.torchscript") && made.isEmpty())
                .as("the pattern finds nothing")
                .isFalse();
    }
}
