package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberSpec;
import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamily;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.api.v1alpha1.ParentStatus;
import dev.modelfamily.api.v1alpha1.PlanStatus;
import dev.modelfamily.api.v1alpha1.TotalsStatus;
import dev.modelfamily.planner.Search;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The decision core. */
public final class Lifecycle {
    /** The name by which attempts at the preparation go: it makes the family's parent. No member has it. */
    public static final String PREPARATION = MemberSpec.PARENT;

    private final Pass pass;
    private final Ground ground;
    private final MemberStatus preparing;
    private final SortedMap<String, String> parentPerplexity;
    private final List<Stand> stands;

    private Lifecycle(Pass asked) {
        this.ground = Ground.of(asked);
        this.pass =
                ground.footing().map(footing -> asked.withSpec(footing.spec())).orElse(asked);
        this.preparing = new Preparation(pass, ground).next();
        this.parentPerplexity = ground.prepared()
                .map(prepared -> new Parents(pass).knownPerplexity(prepared))
                .orElseGet(TreeMap::new);
        this.stands = ground.footing()
                .map(footing -> new Starts(pass).open(Members.planned(pass, footing, parentPerplexity)))
                .orElseGet(this::unplanned);
    }

    /**
     * Decides what to do next for a family. Total and pure: the same arguments give the same decision, and the status of the
     * family is the only memory. An executor writes the status of the decision first (where it differs), then carries out the
     * actions, then observes and asks again: at once where the status changed, else when it sees something new or at
     * {@link Decision#wakeAt}.
     *
     * <p>A new generation gives each failed member, and a failed preparation, one further try. Its counters stay, so one that has
     * used up its tries ends with the next failure, unless the spec now allows more.
     *
     * @param family its spec, generation and last written status; what an executor keeps in {@code status.prepared} for itself is
     *     carried over
     */
    public static Decision decide(ModelFamily family, Observed observed, Instant now) {
        Pass pass = Pass.of(family, observed, now);
        Lifecycle life = new Lifecycle(pass);
        ModelFamilyStatus status = life.status();
        // What ends in this pass may be what the next member of a search waits for.
        for (int further = 0; further < Search.MOST_MEMBERS && life.isBehind(status); further++) {
            life = new Lifecycle(pass.withMeasured(status));
            status = life.status();
        }
        return life.decision(status);
    }

    /** Whether a search has come further than the members that were looked at. */
    private boolean isBehind(ModelFamilyStatus status) {
        return ground.footing()
                .flatMap(footing -> Searching.of(pass.spec(), status)
                        .course(footing.shape())
                        .map(course -> !course.members().equals(footing.spec().members())))
                .orElse(false);
    }

    private Decision decision(ModelFamilyStatus status) {
        List<MemberStatus> all =
                Stream.concat(Stream.of(preparing), status.members().stream()).toList();
        List<String> notes =
                ground.footing().map(footing -> footing.plan().notes()).orElse(List.of());
        List<Action> actions = Stream.of(
                        new Stops(pass, ground.footing().isPresent(), all).actions(),
                        new Starts(pass).actions(ground, preparing, stands),
                        new CleanUps(pass).actions(status.members()),
                        Events.of(pass.before(), status, notes))
                .flatMap(List::stream)
                .toList();
        return new Decision(actions, status, new Wakes(pass, all).next());
    }

    private List<Stand> unplanned() {
        if (ground.problem().isPresent()) {
            return Members.unplanned(pass, MemberState.Pending, "Stalled");
        }
        return preparing.state() == MemberState.Failed
                ? Members.unplanned(pass, MemberState.Blocked, Reasons.PREPARATION_FAILED)
                : Members.unplanned(pass, MemberState.Pending, "Preparing");
    }

    private ModelFamilyStatus status() {
        List<MemberStatus> members = stands.stream().map(Stand::status).toList();
        Optional<ParentStatus> parent = new Parents(pass).written(ground, stands, parentPerplexity);
        Optional<PlanStatus> plan = ground.footing()
                .map(footing -> new Plans(pass).written(footing.plan(), stands))
                .or(() -> pass.before().optionalPlan());
        TotalsStatus totals = new Totals(pass, members).next();
        Searching searching = new Searching(
                pass.spec(), members, parent.map(ParentStatus::perplexity).orElse(Map.of()));
        Optional<Search.Course> course = ground.footing().flatMap(footing -> searching.course(footing.shape()));
        Outlook outlook = new Outlook(pass, ground, preparing, stands, course);
        return new ModelFamilyStatus(
                pass.generation(),
                outlook.phase(),
                parent.orElse(null),
                preparing,
                plan.orElse(null),
                members,
                course.map(searching::written)
                        .or(() -> pass.before().optionalSearch())
                        .filter(_ -> pass.spec().optionalSearch().isPresent())
                        .orElse(null),
                totals,
                new Summaries(pass, members, plan, totals, course.flatMap(Search.Course::found)).next(),
                new Conditions(pass, ground, outlook).next(),
                pass.before().prepared());
    }
}
