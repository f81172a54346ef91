package dev.modelfamily.planner;

import dev.modelfamily.api.v1alpha1.MemberSpec;
import dev.modelfamily.api.v1alpha1.ModelFamilySpec;
import dev.modelfamily.api.v1alpha1.SearchSpec;
import dev.modelfamily.api.v1alpha1.Units;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * The members that a search tries, one after the other. It has no memory: from the members that were measured it comes to the
 * same next one each time, so a changed goal reuses what was made for the old one.
 *
 * <p>{@code SmallestWithinPerplexity} halves the range of sizes. A member within the budget is where the smaller ones are made
 * from, so the search walks down one chain. It takes the perplexity to grow as the size falls.
 *
 * <p>{@code BestUnderSize} makes the biggest size that is allowed in one step from the parent, then in two, in four, as long as
 * more steps are better.
 */
public final class Search {
    /** As many members as a family can have. */
    public static final int MOST_MEMBERS = 32;

    /** Sizes are tried in steps of a thousandth of the parent. */
    private static final int WHOLE = 1000;

    private final SearchSpec wanted;
    private final Function<MemberSpec, OptionalDouble> ratios;
    private final int least;
    private final int most;
    private final List<MemberSpec> tried = new ArrayList<>();

    /**
     * Where a search stands.
     *
     * @param members those that were tried, and those to make next; at least one
     * @param ended whether all of them are measured and no other is tried
     * @param found the best so far, if any fits
     * @param lower thousandths of the parent: no size up to this one fits, as far as is known
     * @param upper thousandths of the parent: sizes from this one fit, as far as is known
     */
    public record Course(List<MemberSpec> members, boolean ended, Optional<MemberSpec> found, int lower, int upper) {
        /** Thousandths as a size is written. */
        public static String size(int thousandths) {
            return BigDecimal.valueOf(thousandths, 1).stripTrailingZeros().toPlainString() + "%";
        }
    }

    private Search(SearchSpec wanted, ModelShape parent, Function<MemberSpec, OptionalDouble> ratios) {
        this.wanted = wanted;
        this.ratios = ratios;
        long all = Parameters.of(parent);
        long smallest = Parameters.outsideOfLinears(parent) + new UniformRanks(parent).smallest();
        this.least = Math.max(
                thousandths(wanted.minSize(), all, RoundingMode.CEILING),
                thousandths(String.valueOf(smallest), all, RoundingMode.CEILING));
        this.most = thousandths(wanted.maxSize(), all, RoundingMode.FLOOR);
        if (least < 1 || least >= most || most > WHOLE) {
            throw new PlanException(
                    "search.maxSize",
                    wanted.minSize() + " to " + wanted.maxSize() + " leaves nothing to search in: the parent has "
                            + Figures.count(all) + " parameters, and the smallest member " + Figures.count(smallest)
                            + "; raise maxSize");
        }
    }

    /**
     * Follows a search as far as it has been measured.
     *
     * @param parent as large as it is: dense
     * @param ratios a member's perplexity on the evaluation set of the search divided by the parent's; empty where it is not made
     *     yet, infinite where it could not be measured
     * @throws PlanException where there is no range to search in
     */
    public static Course follow(SearchSpec wanted, ModelShape parent, Function<MemberSpec, OptionalDouble> ratios) {
        Search search = new Search(wanted, parent, ratios);
        return switch (wanted.goal()) {
            case SmallestWithinPerplexity -> search.smallest();
            case BestUnderSize -> search.best();
        };
    }

    /** The spec with the members that its search has come to; a spec that lists them as it is. */
    public static ModelFamilySpec applied(
            ModelFamilySpec spec, ModelShape parent, Function<MemberSpec, OptionalDouble> ratios) {
        return spec.optionalSearch()
                .map(wanted -> spec.withMembers(follow(wanted, parent, ratios).members()))
                .orElse(spec);
    }

    private Course smallest() {
        double budget = Units.decimal(wanted.maxPerplexityRatio());
        int tolerance = Math.max(1, thousandths(wanted.tolerance(), WHOLE, RoundingMode.FLOOR));
        int lower = least;
        int upper = most;
        Optional<MemberSpec> found = Optional.empty();
        while (upper - lower > tolerance && tried.size() < wanted.maxStages()) {
            int middle = (lower + upper) / 2;
            MemberSpec member =
                    tried("size", middle, found.map(MemberSpec::name).orElse(MemberSpec.PARENT));
            OptionalDouble ratio = ratios.apply(member);
            if (ratio.isEmpty()) {
                return new Course(List.copyOf(tried), false, found, lower, upper);
            }
            if (ratio.getAsDouble() <= budget) {
                upper = middle;
                found = Optional.of(member);
            } else {
                lower = middle;
            }
        }
        return new Course(List.copyOf(tried), true, found, lower, upper);
    }

    private Course best() {
        Optional<MemberSpec> found = Optional.empty();
        double least = Double.POSITIVE_INFINITY;
        for (int steps = 1; tried.size() + steps <= wanted.maxStages(); steps *= 2) {
            MemberSpec last = chain(steps);
            OptionalDouble ratio = ratios.apply(last);
            if (ratio.isEmpty()) {
                return new Course(List.copyOf(tried), false, found, most, most);
            }
            if (ratio.getAsDouble() >= least) {
                break;
            }
            least = ratio.getAsDouble();
            found = Optional.of(last);
        }
        return new Course(List.copyOf(tried), true, found, most, most);
    }

    /** Members of evenly falling size, from the parent to the biggest that is allowed; the last of them. */
    private MemberSpec chain(int steps) {
        String from = MemberSpec.PARENT;
        for (int step = 1; step < steps; step++) {
            from = tried("steps-" + steps, WHOLE - (WHOLE - most) * step / steps, from)
                    .name();
        }
        return tried("steps-" + steps, most, from);
    }

    private MemberSpec tried(String prefix, int thousandths, String from) {
        String size = Course.size(thousandths);
        String name = prefix + "-" + size.substring(0, size.length() - 1).replace('.', '-');
        MemberSpec member = new MemberSpec(name, size, wanted.tokensPerStage(), from, null, null, null);
        tried.add(member);
        return member;
    }

    private static int thousandths(String size, long all, RoundingMode rounding) {
        BigDecimal exact = size.endsWith("%")
                ? new BigDecimal(size.substring(0, size.length() - 1)).movePointRight(1)
                : BigDecimal.valueOf(Units.count(size))
                        .multiply(BigDecimal.valueOf(WHOLE))
                        .divide(BigDecimal.valueOf(all), 9, rounding);
        return exact.setScale(0, rounding)
                .min(BigDecimal.valueOf(Integer.MAX_VALUE))
                .intValue();
    }
}
