package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberSpec;
import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.api.v1alpha1.ParentStatus;
import dev.modelfamily.api.v1alpha1.SearchStatus;
import dev.modelfamily.planner.ModelShape;
import dev.modelfamily.planner.Search;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The search of a family, by what is known of its members.
 *
 * @param members with the results of those that are made
 * @param ofParent the parent's perplexity by evaluation set
 */
record Searching(ModelFamilySpec spec, List<MemberStatus> members, Map<String, String> ofParent) {
    static Searching of(ModelFamilySpec spec, ModelFamilyStatus status) {
        return new Searching(
                spec,
                status.members(),
                status.optionalParent().map(ParentStatus::perplexity).orElse(Map.of()));
    }

    /** The spec with the members to make. */
    ModelFamilySpec applied(ModelShape parent) {
        return Search.applied(spec, parent, this::ratio);
    }

    /** Where the search stands; empty where members are listed. */
    Optional<Search.Course> course(ModelShape parent) {
        return spec.optionalSearch().map(wanted -> Search.follow(wanted, parent, this::ratio));
    }

    SearchStatus written(Search.Course course) {
        long measured = course.members().stream()
                .filter(member -> ratio(member).isPresent())
                .count();
        return new SearchStatus(
                course.found().map(MemberSpec::name).orElse(""),
                Search.Course.size(course.lower()),
                Search.Course.size(course.upper()),
                Math.toIntExact(measured),
                course.ended());
    }

    /** Why a search that has ended has found nothing. */
    static Optional<String> failure(ModelFamilySpec spec, Search.Course course) {
        return spec.optionalSearch()
                .filter(_ -> course.ended() && course.found().isEmpty())
                .map(wanted -> switch (wanted.goal()) {
                    case SmallestWithinPerplexity ->
                        String.format(
                                Locale.ROOT,
                                "the search tried %d members, down from %s, and none has at most %s times the parent's"
                                        + " perplexity on '%s'; raise search.maxPerplexityRatio, search.maxStages or the tokens",
                                course.members().size(),
                                wanted.maxSize(),
                                wanted.maxPerplexityRatio(),
                                wanted.evaluation());
                    case BestUnderSize -> "the search could not measure any member on '" + wanted.evaluation() + "'";
                });
    }

    private OptionalDouble ratio(MemberSpec tried) {
        return members.stream()
                .filter(member -> member.name().equals(tried.name()) && member.state() == MemberState.Succeeded)
                .flatMap(member -> member.optionalResult().stream())
                .mapToDouble(result ->
                        Gates.ratio(spec.optionalSearch().orElseThrow().evaluation(), result, ofParent))
                .findFirst();
    }
}
