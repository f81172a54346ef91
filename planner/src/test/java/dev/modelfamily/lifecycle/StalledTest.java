package dev.modelfamily.lifecycle;

import static dev.modelfamily.planner.Families.family;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.MethodSpec;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.api.v1alpha1.Truncation;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.planner.Families;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StalledTest {
    private static Families one() {
        return family().member("large", "80%");
    }

    static Stream<Arguments> unsupported() {
        return Stream.of(
                Arguments.of(one().parent("s3://bucket/model").build(), "parent.uri: this version does not read s3://"),
                Arguments.of(
                        one().parent("oci://registry/model:1").build(),
                        "parent.uri: this version does not read oci://"),
                Arguments.of(
                        one().parent("family://team/other/large").build(),
                        "parent.uri: this version does not read family://"),
                Arguments.of(
                        one().texts("s3://bucket/texts").build(),
                        "data.training.uri: this version does not read s3://"),
                Arguments.of(one().inBucket().build(), "storage.s3: this version keeps members on volumes only"),
                Arguments.of(one().published().build(), "publish: this version does not publish members"),
                Arguments.of(family().build(), "members: the family has none"),
                Arguments.of(
                        one().method(new MethodSpec(null, Truncation.Plain, null, null, null, null, null, null, null))
                                .build(),
                        "method.allocation: Global compares matrices"));
    }

    @ParameterizedTest
    @MethodSource("unsupported")
    void whatThisVersionDoesNotDoIsSaidBeforeAnythingIsFetched(ModelFamilySpec spec, String sentence) {
        World world = new World(spec).settle();
        assertThat(world.attempts).isEmpty();
        assertThat(world.status().phase()).isEqualTo("Stalled");
        assertThat(world.condition("Stalled")).isEqualTo("True");
        assertThat(world.conditionMessage("Stalled")).startsWith(sentence);
        assertThat(world.condition("Reconciling")).isEqualTo("False");
        assertThat(world.condition("Ready")).isEqualTo("False");
        assertThat(world.events()).containsExactly("Stalled");
    }

    @Test
    void aSupportedSpecGoesOn() {
        World world = new World(one().published().build()).settle().edit(one().build());
        assertThat(world.isLive("parent")).isTrue();
        assertThat(world.condition("Stalled")).isEqualTo("False");
    }

    @Test
    void aParentOfAnUnknownKindIsNamed() {
        World world = new World(one().build()).settle();
        Attempt attempt = world.live("parent");
        PrepareResult result = world.trainer.preparation(world.root, attempt.key());
        ((ObjectNode) result.config()).put("model_type", "mamba");
        world.prepared.put(attempt.key(), result);
        world.see(attempt, new Attempt.Seen.Exited(0, "", world.now));
        world.settle();
        assertThat(world.conditionMessage("Stalled")).contains("mamba").contains("not supported");
        assertThat(world.started()).isEmpty();
    }

    @Test
    void aSizeAboveTheParentIsSaidOnceTheParentIsKnown() {
        World world = new World(family().member("large", "90M").build()).prepare();
        assertThat(world.conditionMessage("Stalled")).startsWith("members[0].size: 90M is larger than the parent");
        assertThat(world.status().members()).extracting(MemberStatus::reason).containsExactly("Stalled");
    }

    @Test
    void aPreparationWithoutASetIsSaid() {
        World world = new World(one().build()).settle();
        Attempt attempt = world.live("parent");
        PrepareResult all = world.trainer.preparation(world.root, attempt.key());
        world.prepared.put(
                attempt.key(),
                new PrepareResult(
                        1,
                        all.parent(),
                        all.revision(),
                        all.config(),
                        all.parameters(),
                        List.of(all.data().getFirst())));
        world.see(attempt, new Attempt.Seen.Exited(0, "", world.now));
        world.settle();
        assertThat(world.conditionMessage("Stalled")).startsWith("the preparation has no data set 'docs'");
    }
}
