package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ProgressStatus;
import dev.modelfamily.api.v1alpha1.ResultStatus;
import dev.modelfamily.api.v1alpha1.TotalsStatus;
import java.util.List;
import java.util.Optional;

/**
 * What was spent so far. A sum only grows: each pass adds what has ended since the one before, so a stage that an edit made void
 * stays in it.
 */
record Totals(Pass pass, List<MemberStatus> after) {
    TotalsStatus next() {
        TotalsStatus sum = pass.before().totals();
        long gpuSeconds = sum.gpuSeconds();
        long tokens = sum.tokens();
        for (MemberStatus old : pass.before().members()) {
            Optional<MemberStatus> next = after.stream()
                    .filter(member -> member.key().equals(old.key()))
                    .findFirst();
            gpuSeconds += new Results(pass).gpus(old.name()) * ran(old, next);
            tokens += trained(old, next);
        }
        return new TotalsStatus(gpuSeconds, tokens);
    }

    private long ran(MemberStatus old, Optional<MemberStatus> next) {
        return next.map(member -> Math.max(0, member.ranSeconds() - old.ranSeconds()))
                .orElseGet(() -> Times.seconds(old.attemptTime(), pass.now()));
    }

    /** The tokens of a stage that this family ran to its end, or that it gave up. */
    private static long trained(MemberStatus old, Optional<MemberStatus> next) {
        boolean finishes = old.optionalResult().isEmpty() && !old.startTime().isEmpty();
        if (!finishes) {
            return 0;
        }
        return next.map(member ->
                        member.optionalResult().map(ResultStatus::tokens).orElse(0L))
                .orElseGet(
                        () -> old.optionalProgress().map(ProgressStatus::tokens).orElse(0L));
    }
}
