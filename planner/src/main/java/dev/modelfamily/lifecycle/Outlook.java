package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.OnMiss;
import dev.modelfamily.planner.Search;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The family as a whole, from its parts. */
record Outlook(Pass pass, Ground ground, MemberStatus preparing, List<Stand> stands, Optional<Search.Course> search) {
    /** The phase of a family that is complete. */
    static final String SUCCEEDED = "Succeeded";

    /** The states in which a member may still come to an end. */
    private static final Set<MemberState> UNSETTLED =
            EnumSet.of(MemberState.Pending, MemberState.Queued, MemberState.Running);

    private static final Set<MemberState> GOOD_ENDS = EnumSet.of(MemberState.Succeeded, MemberState.Skipped);

    boolean isComplete() {
        return ground.footing().isPresent()
                && !pass.isPlanOnly()
                && stands.stream()
                        .allMatch(stand -> GOOD_ENDS.contains(stand.status().state()))
                && stands.stream().noneMatch(stand -> stand.misses(OnMiss.Stop))
                && search.stream()
                        .allMatch(course -> course.ended() && course.found().isPresent());
    }

    /** Only a plan was asked for, and it is there. */
    boolean isPlanned() {
        return pass.isPlanOnly() && ground.footing().isPresent();
    }

    /** What has failed, where nothing else can go on. */
    Optional<String> failure() {
        boolean goesOn = Following.isOpen(preparing)
                || stands.stream()
                        .anyMatch(stand -> UNSETTLED.contains(stand.status().state()));
        return goesOn || ground.problem().isPresent() ? Optional.empty() : fault();
    }

    private Optional<String> fault() {
        if (preparing.state() == MemberState.Failed) {
            return Optional.of("the preparation failed: " + preparing.message());
        }
        Optional<String> missed = stands.stream()
                .filter(stand -> stand.misses(OnMiss.Stop))
                .findFirst()
                .map(stand -> stand.status().name() + ": " + stand.status().message());
        return stands.stream()
                .map(Stand::status)
                .filter(member -> member.state() == MemberState.Failed)
                .findFirst()
                .map(member -> member.name() + ": " + member.message())
                .or(() -> missed)
                .or(() -> search.flatMap(course -> Searching.failure(pass.spec(), course)));
    }

    /** Whether something runs or was asked for. */
    boolean isBusy() {
        return Following.isOpen(preparing) || stands.stream().anyMatch(stand -> Following.isOpen(stand.status()));
    }

    boolean isSuspended() {
        return pass.spec().suspend() && !isBusy();
    }

    String phase() {
        if (ground.problem().isPresent()) {
            return "Stalled";
        }
        if (isComplete()) {
            return SUCCEEDED;
        }
        if (failure().isPresent()) {
            return "Failed";
        }
        if (pass.spec().suspend()) {
            return "Suspended";
        }
        if (isPlanned()) {
            return "Planned";
        }
        if (ground.footing().isEmpty()) {
            return Following.isOpen(preparing) || preparing.attempt() > 0 ? "Preparing" : "Pending";
        }
        return "Running";
    }

    /** In a few words, without anything that changes while a stage runs. */
    String summary() {
        long finished = stands.stream()
                .filter(stand -> stand.status().state() == MemberState.Succeeded)
                .count();
        String members = String.format(Locale.ROOT, "%d of %d members are finished", finished, stands.size());
        return search.map(course -> members + found(course)).orElse(members);
    }

    private static String found(Search.Course course) {
        return course.found()
                .map(member -> (course.ended() ? "; found: " : "; the best so far: ") + member.name())
                .orElse("; none of them fits the search so far");
    }
}
