package dev.modelfamily.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelfamily.cli.run.Workbench.Ended;
import dev.modelfamily.contract.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class CommandsTest {
    @TempDir
    private Path home;

    private Workbench bench;

    @BeforeEach
    void setUp() throws IOException {
        bench = Workbench.in(home);
    }

    @Test
    void aPlanIsATable() throws Exception {
        Ended plan = bench.tool("plan", bench.file().toString(), "--device", "h100");

        assertThat(plan.err()).isEmpty();
        assertThat(plan.code()).isZero();
        assertThat(plan.out()).isEqualTo("""
                tiny: 3 members of a llama parent; times on H100, as an estimate

                member  from    parameters  of all  of linears  ranks       size  tokens    FLOPs     memory  time
                parent              90.43k  100.0%      100.0%
                large   parent      76.86k   85.0%       81.6%  17-35  300.3 KiB  20.00k  2.62e10  511.2 MiB    0s
                medium  large       63.23k   69.9%       63.1%  13-27  247.0 KiB  20.00k  2.02e10  511.0 MiB    0s
                small   medium      49.73k   55.0%       44.8%  10-19  194.3 KiB  20.00k  1.74e10  510.8 MiB    0s
                total                                                             60.00k  6.38e10               0s
                """);
    }

    @Test
    void thePlanOfAGlobalAllocationSaysThatItsRanksAreAnEstimate() throws Exception {
        bench.edit("preset: PLRD", "preset: Standard");

        Ended plan = bench.tool("plan", bench.file().toString());

        assertThat(plan.out()).contains("17-35 (estimate)");
    }

    @Test
    void aPlanAsJsonHasAllRanks() throws Exception {
        Ended plan = bench.tool("plan", bench.file().toString(), "--output", "json");

        JsonNode json = Json.mapper().readTree(plan.out());
        assertThat(json.at("/parent/parameters").asLong()).isEqualTo(90_432);
        assertThat(json.at("/members/2/from").asText()).isEqualTo("medium");
        assertThat(json.at("/members/2/keptOfAll").asDouble()).isBetween(0.549, 0.55);
        assertThat(json.at("/members/2/ranks/model.layers.1.mlp.down_proj").asInt())
                .isPositive();
        assertThat(json.at("/tokens").asLong()).isEqualTo(60_000);
        assertThat(json.at("/hours").asDouble()).isPositive();
    }

    @Test
    void aPlanOfWhatCannotBeNamesTheField() throws Exception {
        bench.edit("size: 85%", "size: 500k");

        Ended plan = bench.tool("plan", bench.file().toString());

        assertThat(plan.code()).isEqualTo(64);
        assertThat(plan.err()).startsWith("error: members[0].size: 500k is larger than the parent");
    }

    @Test
    void anUnknownDeviceIsABadCommandLine() throws Exception {
        Ended plan = bench.tool("plan", bench.file().toString(), "--device", "abacus");

        assertThat(plan.code()).isEqualTo(64);
        assertThat(plan.err()).startsWith("--device is 'abacus'; known are H200, H100, A100, L4 and cpu");
    }

    @Test
    void theStatusOfAFinishedFamilyIsTheTableOfItsRun() throws Exception {
        Ended run = bench.run();

        Ended status = bench.tool("status", bench.folder().root().toString());

        assertThat(status.code()).isZero();
        assertThat(status.out()).startsWith("tiny: Succeeded, no run is at work\n\nmember  state");
        assertThat(run.out()).contains(status.out().substring(status.out().indexOf("member ")));
    }

    @Test
    void theStatusOfARunningFamilyHasItsProgress() throws Exception {
        bench.script("medium hang");
        Process run = bench.startRun();
        bench.awaitHanging("medium", 1);

        Ended text = bench.tool("status", bench.folder().root().toString());
        Ended json = bench.tool("status", bench.folder().root().toString(), "--output", "json");

        assertThat(text.out())
                .startsWith("tiny: Running, a run is at work (process " + run.pid() + ")\n"
                        + "medium: recover 50%, 10.00k of 20.00k tokens, 5000 tokens/s, loss 3.400, 10s left\n");
        JsonNode status = Json.mapper().readTree(json.out());
        assertThat(status.at("/process").asLong()).isEqualTo(run.pid());
        assertThat(status.at("/progress/done").asLong()).isEqualTo(10_000);
        assertThat(status.at("/status/members/0/state").asText()).isEqualTo("Succeeded");
        run.destroy();
        bench.end(run);
    }

    @Test
    void aFolderWithoutARunHasNoStatus() throws Exception {
        Ended status = bench.tool("status", home.toString());

        assertThat(status.code()).isEqualTo(66);
        assertThat(status.err()).endsWith(" is not the folder of a run: it has no family.json\n");
    }

    @Test
    void evaluateAndExportAreTheTrainersWithAllTheirArguments() throws Exception {
        Ended evaluate = bench.toolInProcess("evaluate", "model", "--text", "a b.txt", "--output", "json", "--help");
        Ended export = bench.toolInProcess("export", "member", "--dense", "--out", "dense");

        assertThat(evaluate.out()).isEqualTo("evaluate|model|--text|a b.txt|--output|json|--help\n");
        assertThat(evaluate.code()).isEqualTo(7);
        assertThat(export.out()).isEqualTo("export|member|--dense|--out|dense\n");
        assertThat(export.code()).isEqualTo(5);
    }

    @Test
    void validateNamesTheFileAndTheLine() throws Exception {
        Ended good = bench.tool("validate", bench.file().toString());
        bench.edit("parent: {uri: file:parent}", "parent: {uri: file:parent}\n  parant: {uri: file:parent}");
        Ended bad = bench.tool("validate", bench.file().toString());
        Ended missing = bench.tool("validate", bench.file().toString(), "nowhere.yaml");

        assertThat(good.out()).isEqualTo(bench.file() + ": valid\n");
        assertThat(good.code()).isZero();
        assertThat(bad.err()).startsWith(bench.file() + ":6:3: spec.parant: ");
        assertThat(bad.code()).isEqualTo(64);
        assertThat(missing.code()).isEqualTo(66);
    }

    @Test
    void aBadCommandLineIsSaidSo() throws Exception {
        assertThat(bench.tool("run").code()).isEqualTo(64);
        assertThat(bench.tool("run", bench.file().toString(), "--threads", "0").code())
                .isEqualTo(64);
        assertThat(bench.tool("dance").code()).isEqualTo(64);
    }
}
