package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.Mode;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * One pass of the decision core: what is wanted, what was, and what is seen.
 *
 * @param family its metadata
 * @param spec with the members of a search as far as it has come
 * @param before the last written status
 * @param measured the status that says how far a search has come: the last written one, or what this pass makes of it
 */
record Pass(
        ModelFamily family,
        ModelFamilySpec spec,
        ModelFamilyStatus before,
        ModelFamilyStatus measured,
        Observed seen,
        Instant now) {
    static Pass of(ModelFamily family, Observed observed, Instant now) {
        ModelFamilyStatus before = Optional.ofNullable(family.getStatus()).orElse(ModelFamilyStatus.NOTHING);
        return new Pass(family, family.getSpec(), before, before, observed, now);
    }

    Pass withSpec(ModelFamilySpec other) {
        return new Pass(family, other, before, measured, seen, now);
    }

    /** The same from its start, with a search that has come further. */
    Pass withMeasured(ModelFamilyStatus other) {
        return new Pass(family, family.getSpec(), before, other, seen, now);
    }

    Surroundings surroundings() {
        return seen.surroundings();
    }

    /** 1 where the executor does not count. */
    long generation() {
        return Optional.ofNullable(family.getMetadata().getGeneration()).orElse(1L);
    }

    /** Whether this spec is seen for the first time. What has failed before gets another try then. */
    boolean isEdited() {
        return before.observedGeneration() != generation();
    }

    boolean isPlanOnly() {
        return switch (spec.mode()) {
            case Mode.Plan -> true;
            case Mode.Run -> false;
        };
    }

    /** Whether nothing is to run. */
    boolean isHalted() {
        return spec.suspend() || isPlanOnly();
    }

    String stamp() {
        return Times.written(now);
    }

    /** An attempt as it is seen, whatever name its member had when it was started. */
    Optional<Attempt> attempt(String key, int number) {
        return seen.attempts().stream()
                .filter(attempt -> attempt.key().equals(key) && attempt.number() == number)
                .max(Comparator.comparing(Attempt::isLive));
    }

    /** The number that a further attempt gets: above all that the status or the executor knows. */
    int nextNumber(MemberStatus member) {
        return 1
                + seen.attempts().stream()
                        .filter(attempt -> attempt.key().equals(member.key()))
                        .mapToInt(Attempt::number)
                        .reduce(member.attempt(), Math::max);
    }

    /** The family's name for people, with its namespace where it has one. */
    String qualifiedName() {
        String namespace = family.getMetadata().getNamespace();
        String name = family.getMetadata().getName();
        return namespace == null ? name : namespace + "/" + name;
    }
}
