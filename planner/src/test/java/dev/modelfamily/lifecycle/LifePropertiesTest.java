package dev.modelfamily.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.api.v1alpha1.ResultStatus;
import dev.modelfamily.lifecycle.Happening.Completes;
import dev.modelfamily.lifecycle.Happening.DyingPass;
import dev.modelfamily.lifecycle.Happening.Edit;
import dev.modelfamily.lifecycle.Happening.Exits;
import dev.modelfamily.lifecycle.Happening.IsDamaged;
import dev.modelfamily.lifecycle.Happening.IsDisrupted;
import dev.modelfamily.lifecycle.Happening.IsLost;
import dev.modelfamily.lifecycle.Happening.LatePass;
import dev.modelfamily.lifecycle.Happening.Pass;
import dev.modelfamily.lifecycle.Happening.PreparationIsGone;
import dev.modelfamily.lifecycle.Happening.Reports;
import dev.modelfamily.lifecycle.Happening.Runs;
import dev.modelfamily.lifecycle.Happening.StopsAreObeyed;
import dev.modelfamily.lifecycle.Happening.Time;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Plays whole lives in which anything happens. {@link Invariants} look at every decision; when no more faults come and the spec is
 * good, the family comes to the end that it would have come to undisturbed.
 */
class LifePropertiesTest {
    private static final Map<Specs, End> UNDISTURBED = new EnumMap<>(Specs.class);

    /**
     * A random life.
     *
     * @param last the spec that the user leaves it with
     */
    record Life(int maxParallel, List<Happening> happenings, Specs last) {}

    /** How a family ended. */
    record End(
            String phase,
            Map<String, String> members,
            Map<String, String> conditions,
            String progress,
            String perplexity,
            Map<String, String> ofParent,
            boolean nothingRuns) {
        static End of(World world) {
            ModelFamilyStatus status = world.status();
            Map<String, String> members = new TreeMap<>();
            for (MemberStatus member : status.members()) {
                String made = member.optionalResult().map(ResultStatus::digest).orElse("nothing");
                members.put(member.name(), member.state() + " " + made);
            }
            Map<String, String> conditions = new TreeMap<>();
            status.conditions().forEach(condition -> conditions.put(condition.getType(), condition.getStatus()));
            return new End(
                    status.phase(),
                    members,
                    conditions,
                    status.summary().progress(),
                    status.summary().perplexity(),
                    status.optionalParent().orElseThrow().perplexity(),
                    world.attempts.stream().noneMatch(Attempt::isLive));
        }
    }

    @Property(tries = 200)
    void everyLifeComesToTheEndOfAnUndisturbedOne(@ForAll("lives") Life life) {
        World world = new World(Specs.CHAIN.build());
        world.maxParallel = life.maxParallel();
        life.happenings().forEach(happening -> happening.in(world));

        world.change(life.last().build());
        world.liveOn();

        assertThat(End.of(world)).isEqualTo(undisturbed(life.last()));
        assertThat(world.status().phase()).isEqualTo("Succeeded");
    }

    private static End undisturbed(Specs spec) {
        return UNDISTURBED.computeIfAbsent(spec, of -> {
            World world = new World(of.build());
            world.liveOn();
            return End.of(world);
        });
    }

    /** Without edits and damage, no stage is computed again, whatever else happens. */
    @Property(tries = 100)
    void aResultIsMadeOnce(@ForAll("undamagedLives") Life life) {
        World world = new World(Specs.CHAIN.build());
        world.maxParallel = life.maxParallel();
        for (Happening happening : life.happenings()) {
            List<String> made = world.status().members().stream()
                    .filter(member -> member.state() == MemberState.Succeeded)
                    .map(MemberStatus::key)
                    .toList();
            int before = world.started().size();
            happening.in(world);
            assertThat(world.started().subList(before, world.started().size()))
                    .noneMatch(order -> made.contains(order.key()));
        }
    }

    @Provide
    Arbitrary<Life> lives() {
        return lives(Arbitraries.frequencyOf(
                Tuple.of(10, passes()),
                Tuple.of(10, attempts()),
                Tuple.of(3, faults()),
                Tuple.of(2, Arbitraries.of(Specs.class).map(Edit::new)),
                Tuple.of(1, storage())));
    }

    @Provide
    Arbitrary<Life> undamagedLives() {
        return lives(Arbitraries.frequencyOf(Tuple.of(10, passes()), Tuple.of(10, attempts()), Tuple.of(3, faults())));
    }

    private static Arbitrary<Life> lives(Arbitrary<Happening> happenings) {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 3),
                        happenings.list().ofMaxSize(60),
                        Arbitraries.of(Specs.thatEndWell()))
                .as(Life::new);
    }

    private static Arbitrary<Happening> passes() {
        return Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.just(new Pass())),
                Tuple.of(
                        2,
                        Combinators.combine(Arbitraries.integers().between(0, 4), Arbitraries.of(true, false))
                                .as(DyingPass::new)),
                Tuple.of(1, Arbitraries.just(new LatePass())),
                Tuple.of(2, Arbitraries.just(new StopsAreObeyed())),
                Tuple.of(2, Arbitraries.of(1, 10, 120).map(Time::new)));
    }

    private static Arbitrary<Happening> attempts() {
        Arbitrary<Integer> which = Arbitraries.integers().between(0, 3);
        return Arbitraries.frequencyOf(
                Tuple.of(3, which.map(Runs::new)),
                Tuple.of(
                        1,
                        Combinators.combine(which, Arbitraries.integers().between(0, 100))
                                .as(Reports::new)),
                Tuple.of(4, which.map(Completes::new)));
    }

    private static Arbitrary<Happening> faults() {
        Arbitrary<Integer> which = Arbitraries.integers().between(0, 3);
        return Arbitraries.frequencyOf(
                Tuple.of(
                        3,
                        Combinators.combine(which, Arbitraries.of(0, 1, 64, 65, 66, 69, 70, 75, 77, 134, 137, 139, 143))
                                .as(Exits::new)),
                Tuple.of(1, which.map(IsDisrupted::new)),
                Tuple.of(1, which.map(IsLost::new)));
    }

    private static Arbitrary<Happening> storage() {
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.integers().between(0, 3).map(IsDamaged::new)),
                Tuple.of(1, Arbitraries.just(new PreparationIsGone())));
    }
}
