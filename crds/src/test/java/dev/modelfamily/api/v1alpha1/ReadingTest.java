package dev.modelfamily.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadingTest {
    private final ModelFamilySpec least = FamilyYaml.read("least").getSpec();
    private final ModelFamilySpec full = FamilyYaml.read("full").getSpec();

    @Test
    void whatTheUserLeftOutHasADefault() {
        assertThat(least)
                .extracting(
                        ModelFamilySpec::method,
                        ModelFamilySpec::training,
                        ModelFamilySpec::trainer,
                        ModelFamilySpec::retry,
                        ModelFamilySpec::deadlines,
                        ModelFamilySpec::retention,
                        ModelFamilySpec::suspend,
                        ModelFamilySpec::mode)
                .containsExactly(
                        MethodSpec.DEFAULT,
                        TrainingSpec.DEFAULT,
                        TrainerSpec.DEFAULT,
                        RetrySpec.DEFAULT,
                        DeadlinesSpec.DEFAULT,
                        RetentionSpec.DEFAULT,
                        false,
                        Mode.Run);
        assertThat(least.publish()).isEmpty();
        assertThat(least.optionalSearch()).isEmpty();
    }

    @Test
    void aCountMayBeWrittenAsANumber() {
        assertThat(least.members()).extracting(MemberSpec::tokenCount).containsExactly(250_000_000L, 0L, 250_000_000L);
        assertThat(full.training().batchTokenCount()).isEqualTo(131072);
    }

    @Test
    void aMemberIsMadeFromTheOneBeforeItUnlessItSaysFrom() {
        assertThat(least.originOf(0)).isEmpty();
        assertThat(least.originOf(1)).map(MemberSpec::name).contains("large");
        assertThat(least.originOf(2)).map(MemberSpec::name).contains("large");
        assertThat(full.originOf(2)).isEmpty();
    }

    @Test
    void aMemberTrainsAsTheFamilyDoesWhereItSaysNothingElse() {
        TrainingSpec training = least.trainingOf(least.members().get(2));

        assertThat(training.peakLearningRate()).isEqualTo(3e-4);
        assertThat(training.batchTokens()).isEqualTo(TrainingSpec.DEFAULT.batchTokens());
    }

    @Test
    void aFieldBesideAPresetWins() {
        assertThat(full.method())
                .isEqualTo(new MethodSpec(
                        Preset.PLRD,
                        Truncation.Whitened,
                        Allocation.Uniform,
                        Recut.SingleFactor,
                        Fit.None,
                        RecoveryLoss.LanguageModel,
                        32,
                        "32768",
                        DistillationSpec.DEFAULT));
    }

    @Test
    void aHubDataSetIsParquetAndItsTrainSplitIsTrainedOn() {
        assertThat(least.data().training().parts())
                .containsExactly(new MixPart(
                        "hf://datasets/HuggingFaceTB/smollm-corpus",
                        "",
                        "cosmopedia-v2",
                        "train",
                        DataFormat.Parquet,
                        "text",
                        null,
                        1));
    }

    @Test
    void calibrationIsDoneOnTheTrainingTextsUnlessOthersAreNamed() {
        assertThat(least.data().calibration()).isEqualTo(least.data().training());
        assertThat(full.data().calibration().uri()).isEqualTo("pvc://texts/calibration.txt");
    }

    @Test
    void theFormatIsToldByTheEndOfTheUri() {
        assertThat(full.data().training().parts())
                .extracting(MixPart::format)
                .containsExactly(DataFormat.Parquet, DataFormat.Jsonl);
        assertThat(full.data().evaluation().get(0).format()).isEqualTo(DataFormat.Text);
    }

    @Test
    void aPodPatchKeepsFieldsThatNoRecordKnows() {
        assertThat(full.trainer().podPatches().get(0).patch())
                .isEqualTo(Map.of(
                        "spec",
                        Map.of(
                                "dnsConfig",
                                Map.of("options", List.of(Map.of("name", "ndots", "value", "2"))),
                                "hostNetwork",
                                false)));
    }

    @Test
    void partsOfAPodAreThoseOfKubernetes() {
        assertThat(full.trainer()
                        .optionalAffinity()
                        .orElseThrow()
                        .getNodeAffinity()
                        .getRequiredDuringSchedulingIgnoredDuringExecution()
                        .getNodeSelectorTerms())
                .hasSize(1);
        assertThat(full.members().get(1).optionalResources().orElseThrow().limits())
                .containsEntry("memory", new Quantity("80Gi"));
    }

    @Test
    void timesAreDurations() {
        assertThat(full.retry().longestWait()).isEqualTo(Duration.ofMinutes(90));
        assertThat(full.deadlines().familyLimit()).contains(Duration.ofDays(7));
        assertThat(least.deadlines().familyLimit()).isEmpty();
    }

    @Test
    void whatIsWrittenIsReadBackAsTheSame() {
        for (ModelFamilySpec spec : List.of(least, full)) {
            String yaml = FamilyYaml.SERIALIZATION.asYaml(spec);

            assertThat(FamilyYaml.SERIALIZATION.unmarshal(yaml, ModelFamilySpec.class))
                    .isEqualTo(spec);
        }
    }
}
