package dev.modelfamily.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.cli.folder.Trees;
import dev.modelfamily.cli.run.Workbench.Ended;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class InterruptionTest {
    private static final int SIGINT = 130;
    private static final int SIGTERM = 143;

    @TempDir
    private Path home;

    private Workbench bench;

    @BeforeEach
    void setUp() throws IOException {
        bench = Workbench.in(home);
    }

    @Test
    void killedAtAnyMomentTheNextRunMakesTheSameMembers() throws Exception {
        bench.run();
        SortedMap<String, String> undisturbed = bench.members();
        Random random = new Random(20240619);
        Trees.delete(bench.folder().root());

        for (int kill = 0; kill < 8; kill++) {
            Process run = bench.startRun();
            if (!run.waitFor(200 + random.nextInt(1800), TimeUnit.MILLISECONDS)) {
                run.destroyForcibly().waitFor();
            }
        }

        assertThat(bench.run().code()).isZero();
        assertThat(bench.members()).isEqualTo(undisturbed);
    }

    @Test
    void theTrainerOfAKilledRunIsStoppedByTheNext() throws Exception {
        bench.script("large hang");
        Process run = bench.startRun();
        bench.awaitHanging("large", 1);
        run.destroyForcibly().waitFor();

        Ended again = bench.run();

        assertThat(again.err()).contains("stopping a trainer that an earlier run left behind (process ");
        assertThat(again.code()).isZero();
        assertThat(Workbench.text(bench.folder().log("large", 1))).doesNotContain("ended with exit code");
    }

    @Test
    void afterCtrlCTheNextRunGoesOnFromTheCheckpoint() throws Exception {
        bench.script("large hang");
        Process run = bench.startRun();
        bench.awaitHanging("large", 1);

        signal("INT", run);
        Ended stopped = bench.end(run);

        assertThat(stopped.code()).isEqualTo(SIGINT);
        assertThat(stopped.err())
                .contains("stopping: the trainer writes a checkpoint")
                .endsWith("stopped; to go on: modelfamily run " + bench.file() + " --out "
                        + bench.folder().root() + "\n");
        assertThat(Workbench.text(bench.folder().log("large", 1))).contains("ended with exit code " + SIGTERM);
        Ended again = bench.run();
        assertThat(again.code()).isZero();
        assertThat(again.err()).doesNotContain("without a result");
        assertThat(bench.recorded().getStatus().members())
                .allSatisfy(member -> assertThat(List.of(member.disruptions(), member.resumes(), member.failures()))
                        .containsOnly(0));
        assertThat(Workbench.text(bench.folder().log("large", 2)))
                .contains("\"done\":11000,")
                .doesNotContain("\"done\":1000,");
    }

    @Test
    void onATerminalCtrlCReachesTrainerAndToolAtOnce() throws Exception {
        bench.script("large hang");
        Process terminal = bench.startRunOnATerminal();
        bench.awaitHanging("large", 1);

        terminal.getOutputStream().write(3);
        terminal.getOutputStream().flush();
        Ended stopped = bench.end(terminal);

        assertThat(stopped.code()).isEqualTo(SIGINT);
        assertThat(stopped.out())
                .contains("large recover")
                .contains("stopping: the trainer writes a checkpoint")
                .contains("stopped; to go on: modelfamily run ");
        assertThat(bench.run().code()).isZero();
        assertThat(Workbench.text(bench.folder().log("large", 2))).doesNotContain("\"done\":1000,");
    }

    @Test
    void sigtermStopsLikeCtrlC() throws Exception {
        bench.script("large hang");
        Process run = bench.startRun();
        bench.awaitHanging("large", 1);

        signal("TERM", run);

        assertThat(bench.end(run).code()).isEqualTo(SIGTERM);
        assertThat(bench.run().code()).isZero();
    }

    @Test
    void aSecondCtrlCKillsATrainerThatDoesNotListen() throws Exception {
        bench.script("large hang-deaf");
        Process run = bench.startRun();
        bench.awaitHanging("large", 1);

        signal("INT", run);
        Workbench.await(() -> Workbench.text(bench.err(run)).contains("once more Ctrl-C"));
        signal("INT", run);

        assertThat(bench.end(run).code()).isEqualTo(SIGINT);
        assertThat(bench.run().code()).isZero();
    }

    @Test
    void twoRunsNeverWorkInOneFolder() throws Exception {
        bench.script("large hang");
        Process first = bench.startRun();
        bench.awaitHanging("large", 1);

        Ended second = bench.run();

        assertThat(second.code()).isEqualTo(75);
        assertThat(second.err()).contains("is in use by another run (process " + first.pid() + "); wait for its end");
        signal("INT", first);
        assertThat(bench.end(first).code()).isEqualTo(SIGINT);
    }

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }
}
