package dev.modelfamily.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.cli.folder.Trees;
import dev.modelfamily.cli.run.Workbench.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("process")
class RunTest {
    @TempDir
    private Path home;

    private Workbench bench;

    @BeforeEach
    void setUp() throws IOException {
        bench = Workbench.in(home);
    }

    @Test
    void aFamilyIsMadeWithATableAndLinksToItsMembers() throws Exception {
        Ended run = bench.run();

        assertThat(run.err()).doesNotContain("warning").contains("large: recover 5%");
        assertThat(run.code()).isZero();
        assertThat(run.out().replace(bench.folder().root().toString(), "DIR")).isEqualTo("""

                member  state      parameters    kept       size  docs cut   docs  time
                parent                 90.43k  100.0%                       24.50
                large   Succeeded      76.86k   85.0%  300.3 KiB    1.23e6  40.13   13s
                medium  Succeeded      63.23k   69.9%  247.0 KiB    1.23e6  40.13   13s
                small   Succeeded      49.73k   55.0%  194.3 KiB    1.23e6  40.13   13s

                members: DIR/members
                report:  DIR/report.html
                """);
        assertThat(bench.members()).containsKeys("large/manifest.json", "medium/manifest.json", "small/manifest.json");
        assertThat(bench.folder().report()).isNotEmptyFile();
        assertThat(Files.readSymbolicLink(bench.folder().members().resolve("small")))
                .isRelative();
    }

    @Test
    void aSecondRunFindsEverythingDone() throws Exception {
        bench.run();
        byte[] before = Files.readAllBytes(bench.folder().family());

        Ended again = bench.run();

        assertThat(again.code()).isZero();
        assertThat(again.err()).doesNotContain("started");
        assertThat(Files.readAllBytes(bench.folder().family())).isEqualTo(before);
    }

    @Test
    void anEditRunsOnlyWhatChanged() throws Exception {
        bench.run();
        SortedMap<String, String> before = bench.members();
        bench.edit("size: 55%", "size: 50%");

        Ended again = bench.run();

        assertThat(again.code()).isZero();
        assertThat(again.err()).contains("small: stage started").doesNotContain("large: stage", "medium: stage");
        SortedMap<String, String> after = bench.members();
        assertThat(after.get("medium/manifest.json")).isEqualTo(before.get("medium/manifest.json"));
        assertThat(after.get("small/manifest.json")).isNotEqualTo(before.get("small/manifest.json"));
    }

    @Test
    void changedTextsAreNoticedThoughTheFamilyIsTheSame() throws Exception {
        bench.run();
        SortedMap<String, String> before = bench.members();
        Files.writeString(home.resolve("training.txt"), "Other texts to train on.");

        Ended again = bench.run();

        assertThat(again.code()).isZero();
        assertThat(bench.members().get("large/model.safetensors")).isNotEqualTo(before.get("large/model.safetensors"));
    }

    @Test
    void aMemberThatWasChangedByHandIsNamedAndMadeAgain() throws Exception {
        bench.run();
        SortedMap<String, String> before = bench.members();
        Path weights =
                bench.folder().members().resolve("medium/model.safetensors").toRealPath();
        Files.writeString(weights, "changed by hand");

        Ended again = bench.run();

        assertThat(again.code()).isZero();
        assertThat(again.err())
                .contains("medium: member damaged: " + weights + " was changed: its SHA-256 is ")
                .doesNotContain("large: stage", "small: stage started");
        assertThat(bench.members()).isEqualTo(before);
    }

    @Test
    void aMemberThatIsGoneIsMadeAgain() throws Exception {
        bench.run();
        SortedMap<String, String> before = bench.members();
        Path member = bench.folder().members().resolve("small").toRealPath();
        Trees.delete(member);

        Ended again = bench.run();

        assertThat(again.err()).contains("small: member damaged: " + member + " is gone");
        assertThat(again.code()).isZero();
        assertThat(bench.members()).isEqualTo(before);
    }

    @Test
    void aLostRecordIsMadeAgainFromTheMembersThemselves() throws Exception {
        bench.run();
        SortedMap<String, String> before = bench.members();
        Files.delete(bench.folder().family());

        Ended again = bench.run();

        assertThat(again.code()).isZero();
        assertThat(again.err()).contains("large: stage reused").doesNotContain("stage started");
        assertThat(bench.members()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"BAD_DATA, 65", "NOT_FOUND, 66", "DENIED, 77"})
    void aPermanentErrorOfTheTrainerIsTheErrorOfTheRun(String deed, int code) throws Exception {
        bench.script("medium " + deed);

        Ended run = bench.run();

        assertThat(run.code()).isEqualTo(code);
        assertThat(run.err()).endsWith("error: medium: the script says " + deed + "\n");
        assertThat(run.out()).contains("medium  Failed").contains("small   Blocked");
    }

    @Test
    void afterAnErrorWasMendedTheNextRunGoesOn() throws Exception {
        bench.script("medium BAD_DATA");
        bench.run();

        Ended again = bench.run();

        assertThat(again.code()).isZero();
        assertThat(again.err()).doesNotContain("large: stage");
        assertThat(bench.recorded().getStatus().member("medium").orElseThrow())
                .returns(MemberState.Succeeded, MemberStatus::state)
                .returns(2, MemberStatus::attempt);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNREACHABLE", "TRY_LATER", "BUG", "abort"})
    void whatMayPassIsTriedAgain(String deed) throws Exception {
        bench.script("medium " + deed);

        Ended run = bench.run();

        assertThat(run.code()).isZero();
        assertThat(run.err()).contains("warning: medium: stage");
        assertThat(bench.recorded().getStatus().member("medium").orElseThrow().attempt())
                .isEqualTo(2);
    }

    @Test
    void retriesEndWithTheTrainersCode() throws Exception {
        bench.edit("retry: {initialBackoff: 0s}", "retry: {initialBackoff: 0s, maxBackoff: 0s, maxFailures: 1}");
        bench.script("large UNREACHABLE", "large UNREACHABLE", "large UNREACHABLE");

        Ended run = bench.run();

        assertThat(run.code()).isEqualTo(69);
        assertThat(run.err()).contains("failed 2 times, and retry.maxFailures is 1");
    }

    @Test
    void aPreparationThatFailsIsTheErrorOfTheRun() throws Exception {
        bench.script("parent BAD_DATA");

        Ended run = bench.run();

        assertThat(run.code()).isEqualTo(65);
        assertThat(run.err()).endsWith("error: the preparation failed: the script says BAD_DATA\n");
    }

    @Test
    void aSizeThatCannotBeIsAnInvalidFamily() throws Exception {
        bench.edit("size: 85%", "size: 500k");

        Ended run = bench.run();

        assertThat(run.code()).isEqualTo(64);
        assertThat(run.err()).contains("error: members[0].size: 500k is larger than the parent");
    }

    @Test
    void aFileThatTheApiServerWouldRefuseIsRefusedBeforeAnythingIsMade() throws Exception {
        bench.edit("tokens: 20k", "tokens: many");

        Ended run = bench.run();

        assertThat(run.code()).isEqualTo(64);
        assertThat(run.err()).contains("spec.members[0].tokens (line ");
        assertThat(bench.folder().root()).doesNotExist();
    }

    @Test
    void aMissingFileIsNotFound() throws Exception {
        Ended run = bench.tool("run", "nowhere.yaml");

        assertThat(run.code()).isEqualTo(66);
        assertThat(run.err()).isEqualTo("error: nowhere.yaml does not exist\n");
    }

    @Test
    void theFolderOfAnotherFamilyIsRefused() throws Exception {
        bench.run();
        bench.edit("name: tiny", "name: other");

        Ended run = bench.run();

        assertThat(run.code()).isEqualTo(64);
        assertThat(run.err()).contains("out is the folder of the family 'tiny'; name another with --out");
    }

    @Test
    void aSuspendedFamilyStartsNoStage() throws Exception {
        bench.edit("retry: {", "suspend: true\n  retry: {");

        Ended run = bench.run();

        assertThat(run.code()).isZero();
        assertThat(run.err()).contains("the family is suspended: set spec.suspend to false and run again");
        assertThat(bench.folder().stages()).doesNotExist();
    }
}
