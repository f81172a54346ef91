package dev.modelfamily.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelfamily.api.v1alpha1.Allocation;
import dev.modelfamily.api.v1alpha1.DistillationSpec;
import dev.modelfamily.api.v1alpha1.Fit;
import dev.modelfamily.api.v1alpha1.MethodSpec;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.api.v1alpha1.OnDataEnd;
import dev.modelfamily.api.v1alpha1.Preset;
import dev.modelfamily.api.v1alpha1.Recut;
import dev.modelfamily.api.v1alpha1.Truncation;
import dev.modelfamily.contract.DataRef;
import dev.modelfamily.contract.PreparedData;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannerTest {
    private static final Device H100 = Device.gpu("h100").orElseThrow();

    @Test
    void theParametersOfRealModelsAreCountedExactly() {
        assertThat(Parameters.of(Shapes.smollm2())).isEqualTo(134_515_008);
        assertThat(Parameters.of(Shapes.llama7b())).isEqualTo(6_738_415_616L);
    }

    @Test
    void aFactoredMemberCountsItsFactors() {
        Plan plan = plan(Families.family().member("large", "80%"));
        MemberPlan large = plan.members().getFirst();
        long linears = Linears.of(large.shape()).stream()
                .mapToLong(linear -> large.ranks().containsKey(linear.name())
                        ? large.ranks().get(linear.name()) * linear.perRank()
                        : linear.dense())
                .sum();
        long embedding = 49152L * 576;
        long norms = 576 + 30 * 2 * 576L;
        assertThat(large.parameters()).isEqualTo(linears + embedding + norms);
    }

    @ParameterizedTest
    @CsvSource({"100%", "99%", "95%", "85%", "70%", "55%", "40%", "30%"})
    void aSizeIsHitFromBelow(String size) {
        for (ModelShape shape : List.of(Shapes.smollm2(), Shapes.llama7b())) {
            MemberPlan member = Planner.plan(Families.family().member("m", size).build(), shape, H100)
                    .members()
                    .getFirst();
            assertThat(member.parameters()).isLessThanOrEqualTo(member.asked());
            assertThat((double) member.parameters() / member.asked()).isGreaterThan(0.995);
        }
    }

    @Test
    void aSizeMayBeACount() {
        MemberPlan member =
                plan(Families.family().member("m", "110M")).members().getFirst();
        assertThat(member.parameters()).isBetween(109_500_000L, 110_000_000L);
    }

    @Test
    void smallModelsHitTheirSizesWithinOnePercent() {
        for (String size : List.of("90%", "75%", "60%", "50%")) {
            MemberPlan member = Planner.plan(Families.family().member("m", size).build(), Shapes.tiny(), H100)
                    .members()
                    .getFirst();
            assertThat((double) member.parameters() / member.asked()).isBetween(0.99, 1.0);
        }
    }

    @Test
    void theWholeParentIsLeftAsItIs() {
        assertThat(plan(Families.family().member("all", "100%"))
                        .members()
                        .getFirst()
                        .ranks())
                .isEmpty();
    }

    @Test
    void everyLinearKeepsTheSameShare() {
        MemberPlan member = plan(Families.family().member("m", "60%")).members().getFirst();
        List<Double> shares = Linears.of(member.shape()).stream()
                .map(linear -> (double) member.ranks().get(linear.name()) * linear.perRank() / linear.dense())
                .toList();
        double step = 16.0 * 768 / (192 * 576);
        assertThat(shares.stream().mapToDouble(d -> d).max().orElseThrow()
                        - shares.stream().mapToDouble(d -> d).min().orElseThrow())
                .isLessThan(2 * step);
    }

    @Test
    void ranksAreMultiples() {
        MemberPlan member = plan(Families.family().member("m", "60%")).members().getFirst();
        assertThat(member.rankMultiple()).isEqualTo(16);
        assertThat(member.ranks().values()).allMatch(rank -> rank % 16 == 0);
    }

    @Test
    void aModelWithSmallMatricesGetsASmallerMultiple() {
        assertThat(new UniformRanks(Shapes.llama7b()).multiple(64)).isEqualTo(64);
        assertThat(new UniformRanks(Shapes.smollm2()).multiple(64)).isEqualTo(16);
        assertThat(new UniformRanks(Shapes.tiny()).multiple(64)).isEqualTo(2);
    }

    @Test
    void ranksFallAlongAChain() {
        List<MemberPlan> members = plan(Families.family()
                        .member("a", "85%")
                        .member("b", "70%")
                        .member("c", "55%"))
                .members();
        for (int i = 1; i < members.size(); i++) {
            var before = members.get(i - 1).ranks();
            members.get(i)
                    .ranks()
                    .forEach((name, rank) ->
                            assertThat(rank).isLessThanOrEqualTo(before.getOrDefault(name, Integer.MAX_VALUE)));
            assertThat(members.get(i).ranks().keySet()).containsAll(before.keySet());
        }
    }

    @Test
    void aMemberAboveTheParentIsRefused() {
        refused(Families.family().member("a", "200M"), "members[0].size: 200M is larger than the parent (134.5M");
    }

    @Test
    void aSizeThatDoesNotFallIsRefusedAndNamesTheInput() {
        refused(
                Families.family().member("large", "70%").member("small", "100M"),
                "members[1].size: 100M is not smaller than its input member 'large' (70%, 94.16M");
    }

    @Test
    void branchesOfATreeAreHeldAgainstTheirOwnInput() {
        Plan plan = plan(Families.family().member("a", "60%").member("b", "80%", "parent"));
        assertThat(plan.members().get(1).input()).isEqualTo(-1);
    }

    @Test
    void aSizeBelowTheEmbeddingIsRefusedWithTheSmallestPossible() {
        refused(Families.family().member("a", "20%"), "members[0].size: 20% is too small", "28.65M", "21.3%");
    }

    @Test
    void theSmallestPossibleSizeIsPossible() {
        assertThat(plan(Families.family().member("a", "28651968"))
                        .members()
                        .getFirst()
                        .ranks()
                        .values())
                .contains(1);
    }

    @Test
    void aSequenceLongerThanTheContextIsRefused() {
        refused(
                Families.family().member("a", "80%").training("8192", 4096),
                "members[0].training.sequenceLength: 4096 is longer than the parent's context of 2048");
    }

    @Test
    void aBatchOfBrokenSequencesIsRefused() {
        refused(Families.family().member("a", "80%").training("100k", 512), "members[0].training.batchTokens: 100k");
    }

    @Test
    void fieldsOfAMethodThatContradictEachOtherAreRefusedWithWhatWorks() {
        refused(
                Families.family().member("a", "80%").method(method(Truncation.Whitened, Allocation.Global, null, null)),
                "method.allocation: Global compares matrices by what they add to the loss, which truncation Whitened",
                "write truncation: TwoSided, or allocation: Uniform");
        refused(
                Families.family().member("a", "80%").method(method(null, null, Recut.SingleFactor, null)),
                "method.recut: SingleFactor cuts one factor",
                "truncation TwoSided");
        refused(
                Families.family().member("a", "80%").method(method(null, null, null, "0")),
                "method.calibrationTokens: truncation TwoSided measures texts");
        MethodSpec fitted = new MethodSpec(Preset.SVD, null, null, null, Fit.Sequential, null, null, null, null);
        refused(
                Families.family().member("a", "80%").method(fitted),
                "method.fit: Sequential fits the factors on calibration texts, and truncation Plain measures none");
        MethodSpec published = new MethodSpec(
                Preset.PLRD, null, null, null, null, null, null, null, new DistillationSpec("2", null, null));
        refused(
                Families.family().member("a", "80%").method(published),
                "method.distillation: recovery LanguageModel does not learn from the parent");
    }

    private static MethodSpec method(Truncation truncation, Allocation allocation, Recut recut, String tokens) {
        return new MethodSpec(null, truncation, allocation, recut, null, null, null, tokens, null);
    }

    @Test
    void whatTheMethodKeepsInMemoryIsPlanned() {
        MethodSpec hidden =
                new MethodSpec(null, null, null, null, null, null, null, "2k", new DistillationSpec(null, null, "0.1"));
        long behindBlocks = 2048L * 576 * 30 * 4;
        assertThat(memory(hidden) - memory(method(null, null, null, "2k"))).isEqualTo(behindBlocks);
        MethodSpec whitened = method(Truncation.Whitened, Allocation.Uniform, null, "10M");
        MethodSpec fitted = new MethodSpec(
                null, Truncation.Whitened, Allocation.Uniform, null, Fit.Sequential, null, null, "10M", null);
        // Two hidden states and what the linears read, 5 * 576 + 1536 values a token, where one hidden state would do.
        assertThat(memory(fitted) - memory(whitened)).isEqualTo(10_000_000L * (4 * 576 + 1536) * 4);
    }

    @Test
    void aGlobalAllocationPlansTheSizeThatWasAskedFor() {
        MemberPlan member = plan(Families.family().member("a", "80%").method(method(null, null, null, "2k")))
                .members()
                .getFirst();
        assertThat(member.parameters()).isEqualTo(member.asked());
        MemberPlan published =
                plan(Families.family().member("a", "80%")).members().getFirst();
        assertThat(member.memoryBytes() - published.memoryBytes()).isEqualTo(4 * 134_515_008L);
        assertThat(member.trainingFlops()).isGreaterThan(published.trainingFlops());
    }

    @Test
    void whatIsMeasuredBeforeACutIsInItsMemory() {
        long few = memory(method(null, null, null, "100k"));
        long many = memory(method(null, null, null, "200k"));
        // The input of each of 30 blocks, and a gradient, of 576 values of 4 bytes.
        assertThat(many - few).isEqualTo(100_000L * 31 * 576 * 4);
        long oneSided = memory(method(Truncation.Whitened, Allocation.Uniform, null, "200k"));
        assertThat(oneSided).isLessThan(few);
    }

    private static long memory(MethodSpec method) {
        return plan(Families.family().member("a", "80%").method(method))
                .members()
                .getFirst()
                .memoryBytes();
    }

    @Test
    void theUsualSequenceLengthIsCutToAShortContext() {
        ModelFamilySpec spec = Families.family().member("a", "80%").build();
        ModelShape shape = Shapes.tiny(256);
        assertThat(Planner.training(spec, spec.members().getFirst(), shape).sequenceLength())
                .isEqualTo(256);
    }

    @Test
    void trainingCostsEightTimesTheActiveParametersAndTheAttention() {
        MemberPlan member =
                plan(Families.family().member("a", "100%")).members().getFirst();
        double active = 134_515_008 - 576 * 61;
        double attention = 4.0 * 4 * 30 * 576 * 1024;
        assertThat(member.trainingFlops()).isEqualTo(1e6 * (8 * active + attention));
    }

    @Test
    void hoursFollowFromTheDevice() {
        MemberPlan member =
                plan(Families.family().member("a", "100%")).members().getFirst();
        assertThat(member.hours()).isEqualTo(member.flops() / H100.flops() / 3600);
    }

    @Test
    void aStageThatAsksForMoreThanTheDataSaysHowOftenItIsRead() {
        Plan plan = Planner.plan(Families.family().member("a", "80%").build(), Shapes.smollm2(), data(400_000), H100);
        assertThat(plan.members().getFirst().tokens()).isEqualTo(1_000_000);
        assertThat(plan.notes())
                .containsExactly(
                        "members[0].tokens: 1.00M is more than the 400.0k tokens of the training data; they are read"
                                + " 2.5 times");
    }

    @Test
    void aStageStopsAtTheEndOfTheDataWhereTheSpecSaysSo() {
        Families family = Families.family().member("a", "80%").onDataEnd(OnDataEnd.Stop);
        Plan plan = Planner.plan(family.build(), Shapes.smollm2(), data(400_000), H100);
        assertThat(plan.members().getFirst().tokens()).isEqualTo(400_000);
    }

    @Test
    void aModelThatDoesNotFitTheDeviceIsNoted() {
        Plan plan = Planner.plan(Families.family().member("a", "80%").build(), Shapes.llama7b(), H100);
        assertThat(plan.notes()).singleElement().asString().contains("members[0]: needs about", "H100 has 74.51 GiB");
    }

    private static List<PreparedData> data(long tokens) {
        return List.of(new PreparedData(new DataRef("training", "/t", "sha256:0", 0), "", tokens, 1, 0));
    }

    private static Plan plan(Families family) {
        return Planner.plan(family.build(), Shapes.smollm2(), H100);
    }

    private static void refused(Families family, String... words) {
        assertThatThrownBy(() -> plan(family)).isInstanceOf(PlanException.class).hasMessageContainingAll(words);
    }
}
