package dev.modelfamily.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.cli.validate.FamilyFile;
import dev.modelfamily.contract.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReportTest {
    private static final Pattern ISLAND =
            Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);
    private static final String EVIL = "</script><script>alert(1)</script><img src=x onerror='alert(2)'>&\u2028";

    @TempDir
    private Path folder;

    @Test
    void theSameRunGivesTheSameBytes() throws IOException {
        Samples.big(folder).write();

        byte[] first = Files.readAllBytes(Report.write(folder));
        byte[] second = Files.readAllBytes(Report.write(folder, folder.resolve("again.html")));

        assertThat(first).isEqualTo(second);
        assertThat(folder.resolve("report.html.tmp")).doesNotExist();
    }

    @Test
    void thePageIsOneFileOfModestSize() throws IOException {
        Samples.big(folder).write();

        String page = Files.readString(Report.write(folder));

        assertThat(page.length()).isLessThan(1_500_000);
        assertThat(page)
                .contains("<title>smollm2 · model family</title>", "default-src 'none'", "ISC licence", "Mike Bostock")
                .doesNotContain("{{", "<link", " src=\"")
                .doesNotContainPattern("url\\((?!#)[\"']?(http|//)");
    }

    @Test
    void theIslandHoldsTheDataAsJson() throws IOException {
        Samples.tiny(folder).write();

        JsonNode data = island(Files.readString(Report.write(folder)));

        assertThat(data.path("name").asText()).isEqualTo("quickstart");
        assertThat(data.path("members")).hasSize(3);
        assertThat(data.at("/members/0/quality/0/after").asDouble()).isEqualTo(24.36 * 1.2);
        assertThat(data.at("/members/0/curve/tokens")).hasSize(60);
        assertThat(data.at("/members/0/matrices/0/ranks")).hasSize(4);
    }

    @Test
    void textsOfTheUserStayTexts() throws IOException {
        Samples.halfDone(folder).named(EVIL).failed("other", 0.3, EVIL).write();

        String page = Files.readString(Report.write(folder));

        assertThat(page)
                .contains("<title>&lt;/script&gt;&lt;script&gt;alert(1)")
                .doesNotContain("<script>alert", "<img");
        assertThat(page.split("</script>", -1)).hasSize(4);
        assertThat(island(page).path("name").asText()).isEqualTo(EVIL);
        assertThat(island(page).path("notes")).anyMatch(note -> note.asText().equals("other failed: " + EVIL));
    }

    @Test
    void numbersThatJsonDoesNotHaveAreWords() throws IOException {
        Run run = Run.in(folder).set("docs", 20).finished("small", 0.5, 10, Double.POSITIVE_INFINITY, 2);
        run.write();

        JsonNode quality = island(Files.readString(Report.write(folder))).at("/members/0/quality/0");

        assertThat(quality.path("before").asText()).isEqualTo("Infinity");
        assertThat(quality.path("after").asDouble()).isEqualTo(40);
    }

    @Test
    void theFamilyInThePageMakesTheFamilyAgain() throws IOException {
        Samples.big(folder).write();

        String yaml =
                island(Files.readString(Report.write(folder))).path("yaml").asText();
        Path again = Files.writeString(folder.resolve("again.yaml"), yaml);
        ModelFamily family = FamilyFile.read(again);

        assertThat(family.getSpec())
                .isEqualTo(FamilyFile.read(folder.resolve("family.yaml")).getSpec());
        assertThat(family.getMetadata().getName()).isEqualTo("smollm2");
        assertThat(yaml).contains("learningRate: \"3e-4\"").doesNotContain("status:");
    }

    @Test
    void theCommandWritesWhereItIsTold() throws IOException {
        Samples.tiny(folder).write();
        Path page = folder.resolve("page.html");
        StringWriter out = new StringWriter();

        int code = new CommandLine(new ReportCommand())
                .setOut(new PrintWriter(out))
                .execute(folder.toString(), "--out", page.toString());

        assertThat(code).isZero();
        assertThat(out.toString().strip()).isEqualTo(page.toString());
        assertThat(page).exists();
        assertThat(folder.resolve("report.html")).doesNotExist();
    }

    @Test
    void theCommandWritesIntoTheRunByDefault() throws IOException {
        Samples.tiny(folder).write();

        int code = new CommandLine(new ReportCommand())
                .setOut(new PrintWriter(new StringWriter()))
                .execute(folder.toString());

        assertThat(code).isZero();
        assertThat(List.of(folder.toFile().list())).contains("report.html").doesNotContain("report.html.tmp");
    }

    private static JsonNode island(String page) throws IOException {
        Matcher island = ISLAND.matcher(page);
        assertThat(island.find()).isTrue();
        return Json.mapper().readTree(island.group(1));
    }
}
