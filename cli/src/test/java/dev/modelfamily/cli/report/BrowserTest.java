package dev.modelfamily.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser: Chromium without a window, on the file as it lies on the disk. */
@Tag("process")
class BrowserTest {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final Pattern EMPTY_OR_BROKEN = Pattern.compile(" d=\"[^\"]*NaN|=\"NaN\"|translate\\([^)]*NaN");

    @TempDir
    private Path folder;

    @Test
    void everyPlotOfAFinishedFamilyIsDrawn() throws Exception {
        Samples.big(folder).write();

        String page = drawn(Report.write(folder));

        assertThat(count(page, "class=\"mark after\"")).isEqualTo(6);
        assertThat(count(page, "class=\"mark before\"")).isEqualTo(6);
        assertThat(count(page, "class=\"mark parent\"")).isEqualTo(2);
        assertThat(count(page, "class=\"mark smooth\" d=\"M")).isEqualTo(3);
        assertThat(count(page, "class=\"mark raw\" d=\"M")).isEqualTo(3);
        assertThat(count(page, "class=\"mark evaluation\"")).isEqualTo(3 * 8 * 2);
        assertThat(count(page, "class=\"cell")).isEqualTo(3 * 7 * 30);
        assertThat(count(page, "class=\"cell dense\"")).isPositive();
        assertThat(page)
                .contains("<strong>18.05</strong>", "90.0 %", "large 18.05", "parent 15.30", "from medium")
                .doesNotContainPattern(EMPTY_OR_BROKEN);
    }

    @Test
    void perplexitiesBeyondTheScaleAreWrittenOut() throws Exception {
        Samples.tiny(folder).write();

        String page = drawn(Report.write(folder));

        assertThat(page).contains("7.31×10⁷", "4.87×10⁵", "21924").doesNotContainPattern(EMPTY_OR_BROKEN);
    }

    @Test
    void aLossThatIsADistanceToTheParentIsDrawnWithTheParentAtZero() throws Exception {
        Run.in(folder)
                .preset("Standard")
                .set("docs", 24.36)
                .set("novel", 41.47)
                .finished("large", 0.8, 60, 1.9, 1.1)
                .write();

        String page = drawn(Report.write(folder));
        String plot = page.substring(page.indexOf("Divergence from the parent's predictions"));

        assertThat(count(page, "class=\"mark evaluation\"")).isEqualTo(8 * 2);
        assertThat(count(page, ">parent on ")).isZero();
        assertThat(page).doesNotContainPattern(EMPTY_OR_BROKEN);
        double zero = heights(plot, "y=\"([0-9.]+)\" dy=\"0.32em\" text-anchor=\"end\">0</text>")
                .getFirst();
        double tenth = heights(plot, "y=\"([0-9.]+)\" dy=\"0.32em\" text-anchor=\"end\">0.1</text>")
                .getFirst();
        List<Double> marks = heights(plot, "class=\"mark evaluation\" transform=\"translate\\([^,]+,([0-9.]+)\\)");
        // The few windows that are measured on the way say 0.05 more than the whole set, where the end is known.
        double nats = 0.1 / (zero - tenth);
        assertThat((zero - marks.get(7)) * nats).isCloseTo(Math.log(1.1), within(1e-3));
        assertThat((zero - marks.getLast()) * nats).isCloseTo(Math.log(1.1 * 1.15), within(1e-3));
    }

    private static List<Double> heights(String plot, String pattern) {
        return Pattern.compile(pattern)
                .matcher(plot)
                .results()
                .map(found -> Double.valueOf(found.group(1)))
                .toList();
    }

    @Test
    void aHalfDoneFamilySaysSo() throws Exception {
        Samples.halfDone(folder).write();

        String page = drawn(Report.write(folder));

        assertThat(page)
                .contains(
                        "This family is unfinished: 1 of 4 members are made.",
                        "recover, 62 %, 9 min left",
                        "planned 10.17M")
                .doesNotContainPattern(EMPTY_OR_BROKEN);
        assertThat(count(page, "class=\"mark smooth\" d=\"M")).isEqualTo(2);
    }

    @Test
    void anEmptyFamilyIsAPageToo() throws Exception {
        Run.in(folder).pending("small", 0.5, 10).write();

        String page = drawn(Report.write(folder));

        assertThat(page)
                .contains(
                        "so no quality was measured",
                        "No member has trained yet",
                        "No finished member has told its ranks");
    }

    @Test
    void markupInNamesIsShownAndNotRun() throws Exception {
        Samples.tiny(folder)
                .named("<b id=boom>x</b></script><script>document.title='boom'</script>")
                .write();

        String page = drawn(Report.write(folder));

        assertThat(page).contains("&lt;b id=boom&gt;x&lt;/b&gt;").doesNotContain("<b id=", "<title>boom");
        assertThat(count(page, "class=\"mark smooth\"")).isEqualTo(3);
    }

    /** The document after its scripts ran without a word on the console. */
    private String drawn(Path page) throws IOException, InterruptedException {
        Path profile = Files.createDirectories(folder.resolve("profile"));
        Path document = folder.resolve("document.html");
        Path log = folder.resolve("browser.log");
        List<String> command = new ArrayList<>(List.of(
                browser(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--enable-logging=stderr",
                "--window-size=1280,900",
                "--user-data-dir=" + profile,
                "--dump-dom",
                page.toUri().toString()));
        Process process = new ProcessBuilder(command)
                .redirectOutput(document.toFile())
                .redirectError(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES))
                    .as("the browser ends by itself")
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        assertThat(Files.readString(log)).doesNotContain("CONSOLE");
        return Files.readString(document);
    }

    private static String browser() {
        return Stream.of(System.getenv("PATH").split(":"))
                .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError(
                                "no Chromium on the PATH: install it (Debian: apt-get install chromium); ./test does where it may"));
    }

    /** How often a text is drawn: outside of the scripts, which only speak of it. */
    private static int count(String page, String text) {
        return page.split(Pattern.quote(text), -1).length - 1;
    }
}
