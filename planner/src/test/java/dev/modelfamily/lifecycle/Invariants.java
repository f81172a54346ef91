package dev.modelfamily.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.api.v1alpha1.ResultStatus;
import dev.modelfamily.contract.StageOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What holds of every decision of every life, whatever happens in it. */
final class Invariants {
    private final SimulatedExecutor world;
    private final Set<Name> seen = new HashSet<>();
    private final Set<String> keysOfSpec = new HashSet<>();
    private String specOfKeys = "";

    Invariants(SimulatedExecutor world) {
        this.world = world;
    }

    void check(Observed observed, Decision decision) {
        ModelFamilyStatus before = world.status();
        ModelFamilyStatus after = decision.status();
        decisionsAreRepeatable(observed, decision);
        speaksOfThisGeneration(after);
        recordsStay(observed, before, after);
        countersNeverFall(before, after);
        startsFollowTheStatus(after, decision.actions());
        idleCostsNothing(observed, decision);
        anEndIsTrue(after);
    }

    private void decisionsAreRepeatable(Observed observed, Decision decision) {
        assertThat(Lifecycle.decide(world.family, observed, world.now)).isEqualTo(decision);
    }

    private void speaksOfThisGeneration(ModelFamilyStatus after) {
        long generation = world.family.getMetadata().getGeneration();
        assertThat(after.observedGeneration()).isEqualTo(generation);
        assertThat(after.conditions()).allMatch(condition -> condition.getObservedGeneration() == generation);
    }

    /**
     * A recorded member stays as it is, whatever it is called, unless it is damaged or the spec wants another. Names that change
     * while something is damaged may hide what was made from it until that is made again.
     */
    private void recordsStay(Observed observed, ModelFamilyStatus before, ModelFamilyStatus after) {
        boolean edited = !before.observedGeneration().equals(after.observedGeneration())
                || !names(before).equals(names(after));
        if (edited && !observed.damaged().isEmpty()) {
            return;
        }
        for (MemberStatus old : before.members()) {
            Optional<String> digest = old.optionalResult().map(ResultStatus::digest);
            if (digest.isEmpty() || observed.damaged().containsKey(old.key()) || !wanted().contains(old.key())) {
                continue;
            }
            assertThat(after.members())
                    .as("%s was recorded", old.name())
                    .anyMatch(member -> member.key().equals(old.key())
                            && member.optionalResult().map(ResultStatus::digest).equals(digest));
        }
    }

    private static List<String> names(ModelFamilyStatus status) {
        return status.members().stream().map(MemberStatus::name).toList();
    }

    /** The keys of the stages that the present spec asks for, found by a life without faults. */
    Set<String> wanted() {
        String spec = world.family.getMetadata().getGeneration() + " by " + world.trainers;
        if (!specOfKeys.equals(spec)) {
            specOfKeys = spec;
            keysOfSpec.clear();
            keysOfSpec.addAll(Lives.keys(world));
        }
        return keysOfSpec;
    }

    /** The counters of a stage go with it to another name; of two members that are the same stage, one alone may go. */
    private void countersNeverFall(ModelFamilyStatus before, ModelFamilyStatus after) {
        assertThat(after.totals().tokens())
                .isGreaterThanOrEqualTo(before.totals().tokens());
        assertThat(after.totals().gpuSeconds())
                .isGreaterThanOrEqualTo(before.totals().gpuSeconds());
        for (MemberStatus old : stages(before).toList()) {
            List<MemberStatus> same = stages(after)
                    .filter(next -> !old.key().isEmpty() && next.key().equals(old.key()))
                    .toList();
            boolean shared = stages(before)
                    .anyMatch(other -> !other.equals(old) && other.key().equals(old.key()));
            assertThat(shared || same.isEmpty() || same.stream().anyMatch(next -> isFurther(old, next)))
                    .as("counters of %s fell to %s", old, same)
                    .isTrue();
            stages(after)
                    .filter(next -> next.name().equals(old.name()))
                    .forEach(next -> assertThat(next.attempt())
                            .as("the attempts of %s", old.name())
                            .satisfiesAnyOf(
                                    number -> assertThat(number).isGreaterThanOrEqualTo(old.attempt()),
                                    number -> assertThat(next.key()).isNotEqualTo(old.key())));
        }
    }

    private static boolean isFurther(MemberStatus old, MemberStatus next) {
        return next.failures() >= old.failures()
                && next.resumes() >= old.resumes()
                && next.disruptions() >= old.disruptions()
                && next.ranSeconds() >= old.ranSeconds();
    }

    /** What is started stands in the status, its input too, and nothing runs beside it for the member. */
    private void startsFollowTheStatus(ModelFamilyStatus after, List<Action> actions) {
        for (Action action : actions) {
            if (action instanceof Action.StartStage start) {
                StageOrder order = start.order();
                MemberStatus member = after.member(order.member()).orElseThrow();
                assertThat(member.key()).isEqualTo(order.key());
                assertThat(member.attempt()).isEqualTo(order.attempt());
                assertThat(order.places().output()).isEqualTo(world.layout().attempt(order.key(), order.attempt()));
                boolean ofParent = order.input().equals(order.parent());
                assertThat(ofParent
                                || after.members().stream()
                                        .filter(made -> made.state() == MemberState.Succeeded)
                                        .flatMap(made -> made.optionalResult().stream())
                                        .anyMatch(made -> made.digest()
                                                        .equals(order.input().digest())
                                                && made.uri()
                                                        .equals(world.layout()
                                                                .uri(order.input()
                                                                        .path()))))
                        .as("the input of %s is recorded", order.member())
                        .isTrue();
            }
        }
    }

    /** Where nothing is done, nothing would be done at any time before the decision's own hour. */
    private void idleCostsNothing(Observed observed, Decision decision) {
        if (!decision.status().equals(world.status()) || !decision.actions().isEmpty()) {
            return;
        }
        Instant until = decision.wakeAt().orElse(world.now.plus(Duration.ofDays(400)));
        assertThat(until).isAfter(world.now);
        for (Instant later :
                List.of(world.now.plus(Duration.between(world.now, until).dividedBy(2)), until.minusMillis(1))) {
            Decision again = Lifecycle.decide(world.family, observed, later);
            assertThat(again.status()).as("an idle family at %s", later).isEqualTo(world.status());
            assertThat(again.actions()).as("an idle family at %s", later).isEmpty();
        }
    }

    /** A family is complete only where every member of its present spec is there. */
    private void anEndIsTrue(ModelFamilyStatus after) {
        if (after.phase().equals("Succeeded")) {
            List<String> names =
                    after.members().stream().map(MemberStatus::name).toList();
            if (world.family.getSpec().optionalSearch().isPresent()) {
                assertThat(after.optionalSearch().orElseThrow().ended()).isTrue();
                assertThat(names)
                        .contains(after.search().found())
                        .hasSize(after.search().measured());
            } else {
                assertThat(names)
                        .containsExactlyElementsOf(world.family.getSpec().members().stream()
                                .map(member -> member.name())
                                .toList());
            }
            assertThat(after.members())
                    .allMatch(member -> member.state() == MemberState.Skipped
                            || (member.optionalResult().isPresent() && wanted().contains(member.key())));
        }
    }

    /** An attempt is created: no other lives for its member or its stage, and its number was never seen before, and a place is free. */
    void created(Attempt attempt) {
        List<Attempt> beside = world.attempts.stream()
                .filter(other -> !other.equals(attempt) && other.isLive())
                .filter(other ->
                        other.member().equals(attempt.member()) || other.key().equals(attempt.key()))
                .toList();
        assertThat(beside).as("live beside the new %s", attempt).isEmpty();
        assertThat(seen).as("attempts seen before").doesNotContain(Name.of(attempt));
        assertThat(world.attempts.stream()
                        .filter(Attempt::isLive)
                        .filter(live -> !live.member().equals(Lifecycle.PREPARATION)))
                .as("stages at once")
                .hasSizeLessThanOrEqualTo(world.maxParallel);
    }

    /**
     * A status was written that knows of what was observed. It forgets with a member that the user removes, so an attempt of which
     * the executor knows nothing either is forgotten then.
     */
    void written(Observed observed) {
        observed.attempts().forEach(attempt -> seen.add(Name.of(attempt)));
        Set<Name> known = world.attempts.stream().map(Name::of).collect(Collectors.toSet());
        List<MemberStatus> stages = stages(world.status()).toList();
        seen.removeIf(name -> !known.contains(name)
                && stages.stream()
                        .noneMatch(stage -> stage.name().equals(name.member())
                                || stage.key().equals(name.key())));
    }

    /** What no two attempts share. */
    private record Name(String member, String key, int number) {
        static Name of(Attempt attempt) {
            return new Name(attempt.member(), attempt.key(), attempt.number());
        }
    }

    private static Stream<MemberStatus> stages(ModelFamilyStatus status) {
        return Stream.concat(status.optionalPreparing().stream(), status.members().stream());
    }
}
