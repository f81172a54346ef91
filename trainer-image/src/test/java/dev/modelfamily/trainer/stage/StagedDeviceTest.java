package dev.modelfamily.trainer.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.Recut;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.contract.ModelRef;
import dev.modelfamily.contract.Places;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.trainer.export.Members;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stages whose tensors cannot be read or written where they lie, as on a GPU: all goes through copies, and memory that was
 * never written is NaN.
 */
@Tag("process")
class StagedDeviceTest {
    @TempDir
    private Path folder;

    private TinyFamily family;

    @BeforeEach
    void makeParent() {
        family = new TinyFamily(folder);
    }

    private Path run(String device, StageOrder order) throws Exception {
        Path output = folder.resolve(device + "-" + order.member());
        Path checkpoints = folder.resolve(device + "-" + order.member() + "-checkpoints");
        StageOrder there = Stages.with(order, new Places(output.toString(), checkpoints.toString()));
        try (StageProcess process = StageProcess.startOn(device, there, folder)) {
            assertThat(process.exitCode()).as(process.errors()).isZero();
        }
        return output;
    }

    @Test
    void aStageByThePaperMakesTheSameBytes() throws Exception {
        StageOrder order = family.order("large");

        assertThat(Stages.bytes(run("staged-cpu", order))).isEqualTo(Stages.bytes(run("cpu", order)));
    }

    @Test
    void aChainByThisProjectsOwnMethodMakesTheSameBytes() throws Exception {
        Path large = run("cpu", family.standard(family.order("large"), 0.8));
        ModelRef input = new ModelRef(large.toString(), Members.digest(large));
        StageOrder order = family.standard(family.order("small", input, 0.25, Recut.Product), 0.6);

        assertThat(Stages.bytes(run("staged-cpu", order))).isEqualTo(Stages.bytes(run("cpu", order)));
    }

    @Test
    void aStageGoesOnFromTheCheckpointsOfAnotherDevice() throws Exception {
        StageOrder order = Stages.with(family.order("large"), TinyFamily.recovery(60));
        try (StageProcess process = StageProcess.startOn("staged-cpu", order, folder)) {
            assertThat(process.reaches("\"phase\":\"recover\"")).isTrue();
            process.terminate();
            assertThat(process.exitCode()).as(process.errors()).isEqualTo(ExitCode.TERMINATED.code());
        }
        try (StageProcess process = StageProcess.startOn("cpu", order, folder)) {
            assertThat(process.exitCode()).as(process.errors()).isZero();
            assertThat(process.errors()).contains("going on from step", "computing on the processor");
        }

        assertThat(Stages.bytes(family.output("large", 1))).isEqualTo(Stages.bytes(run("cpu", order)));
    }

    @Test
    void aGpuThatIsAskedForIsNotReplacedByTheProcessor() throws Exception {
        try (StageProcess process = StageProcess.startOn("gpu", family.order("large"), folder)) {
            assertThat(process.exitCode()).isEqualTo(ExitCode.BAD_ORDER.code());
            assertThat(process.errors()).contains("error: a GPU is asked for", "libtorch for processors only");
        }
        assertThat(family.output("large", 1)).doesNotExist();
    }
}
