package dev.modelfamily.lifecycle;

import static dev.modelfamily.planner.Families.family;

import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.api.v1alpha1.OnMiss;
import dev.modelfamily.api.v1alpha1.SearchGoal;
import dev.modelfamily.api.v1alpha1.SearchSpec;
import dev.modelfamily.planner.Families;
import java.util.Arrays;
import java.util.List;

/** What the user of a random life may write. Failures may be many, so that only permanent ones end a member. */
enum Specs {
    CHAIN,
    RENAMED,
    NAMES_SWAPPED,
    OTHER_MIDDLE,
    WITHOUT_MIDDLE,
    ONE_MORE,
    TREE,
    SEARCH,
    TWINS,
    OTHER_TEXTS,
    GATE_PRUNES,
    GATE_STOPS,
    SUSPENDED,
    ONLY_PLANNED,
    SIZES_RISE,
    UNSUPPORTED;

    ModelFamilySpec build() {
        return families().retry(100, 1000).deadlines("7d", null, null).build();
    }

    /** Those that end with every member made. */
    static List<Specs> thatEndWell() {
        return Arrays.stream(values())
                .filter(spec -> spec.compareTo(GATE_PRUNES) < 0)
                .toList();
    }

    private Families families() {
        return switch (this) {
            case CHAIN -> chain("a", "b", "c", "70%");
            case RENAMED -> chain("x", "y", "z", "70%");
            case NAMES_SWAPPED -> chain("b", "a", "c", "70%");
            case OTHER_MIDDLE -> chain("a", "b", "c", "65%");
            case WITHOUT_MIDDLE -> family().member("a", "80%").member("c", "60%");
            case ONE_MORE ->
                family().member("a", "80%")
                        .member("n", "75%")
                        .member("b", "70%")
                        .member("c", "60%");
            case TREE -> family().member("a", "80%").member("b", "70%", "a").member("c", "60%", "parent");
            case SEARCH ->
                family().search(new SearchSpec(
                        SearchGoal.SmallestWithinPerplexity, "docs", "1.25", "90%", "60%", "5%", "1M", 8));
            case TWINS ->
                family().member("a", "80%").member("b", "80%", "parent").member("c", "60%");
            case OTHER_TEXTS -> chain("a", "b", "c", "70%").texts("file:other.jsonl");
            case GATE_PRUNES -> gated(OnMiss.Prune);
            case GATE_STOPS -> gated(OnMiss.Stop);
            case SUSPENDED -> chain("a", "b", "c", "70%").suspended(true);
            case ONLY_PLANNED -> chain("a", "b", "c", "70%").planOnly();
            case SIZES_RISE -> chain("a", "b", "c", "90%");
            case UNSUPPORTED -> chain("a", "b", "c", "70%").published();
        };
    }

    private static Families chain(String first, String second, String third, String sizeOfSecond) {
        return family().member(first, "80%").member(second, sizeOfSecond).member(third, "60%");
    }

    /** The first member misses its gate. */
    private static Families gated(OnMiss onMiss) {
        return family().gated("a", "80%", null, "1.1", onMiss)
                .member("b", "70%")
                .member("c", "60%", "parent");
    }
}
