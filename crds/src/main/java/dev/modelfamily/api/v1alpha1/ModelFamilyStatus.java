package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Optional;

/**
 * What was seen. Small by design: no list in it grows with time.
 *
 * @param observedGeneration 0 while no spec was seen
 * @param parent null until it is resolved; read it by {@link #optionalParent()}
 * @param preparing null until the first attempt; read it by {@link #optionalPreparing()}
 * @param plan null until it is made; read it by {@link #optionalPlan()}
 * @param search null where members are listed, and before the parent is known; read it by {@link #optionalSearch()}
 * @param prepared kept by executors that cannot read the storage; null elsewhere and before it is finished; read it by
 *     {@link #optionalPrepared()}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ModelFamilyStatus(
        @JsonPropertyDescription("The generation of the spec that this status speaks of")
        Long observedGeneration,

        @Size(max = 40)
        @JsonPropertyDescription("The family in one word: Pending, Preparing, Planned, Running, Suspended, Succeeded, "
                + "Failed or Stalled")
        String phase,

        @JsonPropertyDescription("The parent as it was resolved")
        ParentStatus parent,

        @JsonPropertyDescription(
                "The work before the first stage, as it stands: the parent fetched, the texts tokenised")
        MemberStatus preparing,

        @JsonPropertyDescription("What the family will cost, known before a stage starts")
        PlanStatus plan,

        @Size(max = 64) @JsonPropertyDescription("Each member as it stands, by name")
        List<MemberStatus> members,

        @JsonPropertyDescription("How far the search has come, where the family searches")
        SearchStatus search,

        @JsonPropertyDescription("Sums over the family") TotalsStatus totals,

        @JsonPropertyDescription("The family in a few words, for the columns of kubectl get")
        SummaryStatus summary,

        @Size(max = 16)
        @JsonPropertyDescription("Ready, Reconciling and Stalled as kstatus reads them; Complete, Failed, Suspended, "
                + "QualityGatePassed")
        List<Condition> conditions,

        @JsonPropertyDescription("What the preparation found")
        PreparedStatus prepared) {
    /** Nothing seen yet. */
    public static final ModelFamilyStatus NOTHING =
            new ModelFamilyStatus(null, null, null, null, null, null, null, null, null, null, null);

    public ModelFamilyStatus {
        observedGeneration = Defaults.or(observedGeneration, 0L);
        phase = Defaults.text(phase);
        members = Defaults.list(members);
        totals = Defaults.or(totals, TotalsStatus.ZERO);
        summary = Defaults.or(summary, SummaryStatus.NOTHING);
        conditions = Defaults.list(conditions);
    }

    public Optional<ParentStatus> optionalParent() {
        return Optional.ofNullable(parent);
    }

    public Optional<MemberStatus> optionalPreparing() {
        return Optional.ofNullable(preparing);
    }

    public Optional<PlanStatus> optionalPlan() {
        return Optional.ofNullable(plan);
    }

    public Optional<SearchStatus> optionalSearch() {
        return Optional.ofNullable(search);
    }

    public Optional<PreparedStatus> optionalPrepared() {
        return Optional.ofNullable(prepared);
    }

    /** The same with something else that was prepared; null for nothing. */
    public ModelFamilyStatus withPrepared(PreparedStatus other) {
        return new ModelFamilyStatus(
                observedGeneration,
                phase,
                parent,
                preparing,
                plan,
                members,
                search,
                totals,
                summary,
                conditions,
                other);
    }

    /** Of listed members, without what the preparation found. */
    public ModelFamilyStatus(
            Long observedGeneration,
            String phase,
            ParentStatus parent,
            MemberStatus preparing,
            PlanStatus plan,
            List<MemberStatus> members,
            TotalsStatus totals,
            SummaryStatus summary,
            List<Condition> conditions) {
        this(observedGeneration, phase, parent, preparing, plan, members, null, totals, summary, conditions, null);
    }

    /** A member by its name. */
    public Optional<MemberStatus> member(String name) {
        return members.stream().filter(member -> member.name().equals(name)).findFirst();
    }
}
