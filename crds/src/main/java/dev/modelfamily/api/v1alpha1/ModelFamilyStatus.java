package dev.modelfamily.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** What was seen. Small by design: no list in it grows with time. */
public record ModelFamilyStatus(
        Long observedGeneration,
        String phase,
        ParentStatus parent,
        PlanStatus plan,
        List<MemberStatus> members,
        TotalsStatus totals,
        List<Condition> conditions) {}
