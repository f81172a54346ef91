package dev.modelfamily.lifecycle;

import static dev.modelfamily.planner.Families.family;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.DistillationSpec;
import dev.modelfamily.api.v1alpha1.Fit;
import dev.modelfamily.api.v1alpha1.MethodSpec;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.contract.Calibration;
import dev.modelfamily.contract.StageOrder;
import dev.modelfamily.planner.Families;
import org.junit.jupiter.api.Test;

class KeysTest {
    private static Families base() {
        return family().member("large", "80%").member("small", "60%");
    }

    private static String key(World world) {
        return world.prepare().member("large").key();
    }

    private static String key(ModelFamilySpec spec) {
        return key(new World(spec));
    }

    private static String preparation(World world) {
        return world.settle().live("parent").key();
    }

    @Test
    void keysDoNotChangeFromOneVersionToTheNext() {
        // A change here makes every member of every user anew: only with a reason.
        World world = new World(base().build());
        assertThat(preparation(world))
                .isEqualTo("sha256:0348b3e08bfb6ccc7c17cd13907ac57e52adc2b4add66a2ba14e1eb9542d4602");
        assertThat(key(world)).isEqualTo("sha256:6ae623fd7f5ee3c073448bf844c0badbac66569dfe031a9d7821692896e5e24e");
    }

    @Test
    void aKeyIsADigest() {
        assertThat(key(base().build())).matches("sha256:[0-9a-f]{64}");
    }

    @Test
    void namesAndPathsAndNumbersAreNotInIt() {
        World other = new World(family().member("renamed", "80%").build());
        other.root = "/elsewhere";
        other.family.getMetadata().setName("another");
        other.prepare().run("renamed").exit("renamed", 137, "");
        assertThat(other.member("renamed").key()).isEqualTo(key(base().build()));
    }

    @Test
    void aMemberDoesNotTellWhereItsParentLay() {
        World world = new World(base().parent("file:/home/somebody/models/tiny").build());
        world.prepare();
        assertThat(world.started().getFirst().parentName())
                .startsWith("file:tiny")
                .doesNotContain("somebody");
    }

    @Test
    void aMeasuredCutIsOrderedWithItsTextsAndWithoutRanks() {
        World world = new World(base().method(MethodSpec.DEFAULT).build());
        world.prepare();
        StageOrder order = world.started().getFirst();
        assertThat(order.cut().ranks()).isEmpty();
        assertThat(order.cut().targetParameters()).isPositive();
        // The user named no texts of their own for it, so those of the training are not tokenised twice.
        assertThat(order.calibration())
                .isEqualTo(new Calibration(order.training(), MethodSpec.DEFAULT.calibrationTokenCount()));
        assertThat(new World(base().build()).prepare().started().getFirst().calibration())
                .isNull();
    }

    @Test
    void howMuchIsMeasuredIsInIt() {
        MethodSpec other = new MethodSpec(null, null, null, null, null, null, null, "1000", null);
        assertThat(key(base().method(other).build()))
                .isNotEqualTo(key(base().method(MethodSpec.DEFAULT).build()));
    }

    @Test
    void whatFollowsTheCutsIsInIt() {
        String usual = key(base().method(MethodSpec.DEFAULT).build());
        MethodSpec none = new MethodSpec(null, null, null, null, Fit.None, null, null, null, null);
        assertThat(key(base().method(none).build())).isEqualTo(usual);
        MethodSpec fitted = new MethodSpec(null, null, null, null, Fit.Sequential, null, null, null, null);
        assertThat(key(base().method(fitted).build())).isNotEqualTo(usual);
    }

    @Test
    void howItLearnsFromTheParentIsInItWhereItIsNotTheUsual() {
        String usual = key(base().method(MethodSpec.DEFAULT).build());
        assertThat(key(base().method(distilling(new DistillationSpec("1.0", "0.0", "0.0")))
                        .build()))
                .isEqualTo(usual);
        assertThat(key(base().method(distilling(new DistillationSpec("2", null, null)))
                        .build()))
                .isNotEqualTo(usual);
        assertThat(key(base().method(distilling(new DistillationSpec(null, "0.1", null)))
                        .build()))
                .isNotEqualTo(usual);
        assertThat(key(base().method(distilling(new DistillationSpec(null, null, "0.1")))
                        .build()))
                .isNotEqualTo(usual);
    }

    private static MethodSpec distilling(DistillationSpec distillation) {
        return new MethodSpec(null, null, null, null, null, null, null, null, distillation);
    }

    @Test
    void whatShapesTheResultIsInIt() {
        World newer = new World(base().build());
        newer.trainerVersion = "2";
        assertThat(key(newer)).isNotEqualTo(key(base().build()));
        assertThat(key(family().member("large", "79%").build())).isNotEqualTo(key(base().build()));
        assertThat(key(base().learningRate("3e-4").build())).isNotEqualTo(key(base().build()));
        assertThat(key(base().texts("file:other.jsonl").build())).isNotEqualTo(key(base().build()));
        assertThat(key(base().parent("hf://other/llama").build())).isNotEqualTo(key(base().build()));
    }

    @Test
    void whatOnlyShapesTheWayIsNot() {
        assertThat(key(base().retry(9, 9)
                        .deadlines("1h", "2h", "3h")
                        .checkpointsKept("1h")
                        .build()))
                .isEqualTo(key(base().build()));
        assertThat(key(base().checkpointInterval("3m").build())).isEqualTo(key(base().build()));
    }

    @Test
    void aPreparationIsKnownByWhatItReads() {
        String key = preparation(new World(base().build()));
        assertThat(preparation(new World(family().member("x", "70%").build()))).isEqualTo(key);
        assertThat(preparation(new World(base().planOnly().build()))).isNotEqualTo(key);
        assertThat(preparation(new World(base().texts("file:other.jsonl").build())))
                .isNotEqualTo(key);
    }
}
