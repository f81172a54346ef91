package dev.modelfamily.trainer.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scripts on fake tensors of a GPU. Needs a C compiler, {@code cc}, and an interpreter with PyPI's torch, named by the
 * environment variable {@code MODELFAMILY_PYTHON}; {@code -Dtest.groups=peers} runs this test.
 */
@Tag("peers")
class FakeGpuTest {
    private static final Path SCRIPTS = Path.of("src/main/resources/dev/modelfamily/trainer/torch");
    private static final Path CHECK = Path.of("src/test/resources/dev/modelfamily/trainer/torch");

    @TempDir
    private Path folder;

    private String run(Path scripts) throws Exception {
        String interpreter = System.getenv("MODELFAMILY_PYTHON");
        assertThat(interpreter)
                .as("MODELFAMILY_PYTHON must name a Python with torch")
                .isNotNull();
        Path library = folder.resolve("libcuda.so.1");
        assertThat(new ProcessBuilder(
                                "cc",
                                "-shared",
                                "-fPIC",
                                "-Wl,-soname,libcuda.so.1",
                                "-o",
                                library.toString(),
                                CHECK.resolve("fake_gpu.c").toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        ProcessBuilder python = new ProcessBuilder(
                        interpreter, CHECK.resolve("fake_gpu.py").toString(), scripts.toString())
                .redirectErrorStream(true);
        python.environment().put("LD_PRELOAD", library.toString());
        Process process = python.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? output : "failed: " + output;
    }

    private static Set<String> found(String pattern) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            for (Path file : files.toList()) {
                text.append(Files.readString(file));
            }
        }
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyMethodRunsOnAGpu() throws Exception {
        Set<String> methods = found("def (\\w+)");
        methods.removeAll(found("self\\.(\\w+)\\("));

        assertThat(run(SCRIPTS).lines().toList()).containsAll(methods);
    }

    @Test
    void aTensorThatIsMadeElsewhereIsFound() throws Exception {
        Path scripts = Files.createDirectory(folder.resolve("scripts"));
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            for (Path file : files.toList()) {
                Files.writeString(
                        scripts.resolve(file.getFileName()),
                        Files.readString(file)
                                .replace("torch.arange(seq, device=ops.prim.device(x))", "torch.arange(seq)"));
            }
        }

        assertThat(run(scripts))
                .startsWith("failed: ")
                .contains("torch.scaled_dot_product_attention(q, k, v, seen)\n", "<--- HERE");
    }
}
