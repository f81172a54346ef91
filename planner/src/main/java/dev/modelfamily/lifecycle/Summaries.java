package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.EvaluationSpec;
import dev.modelfamily.api.v1alpha1.MemberPlanStatus;
import dev.modelfamily.api.v1alpha1.MemberSpec;
import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.PlanStatus;
import dev.modelfamily.api.v1alpha1.ProgressStatus;
import dev.modelfamily.api.v1alpha1.ResultStatus;
import dev.modelfamily.api.v1alpha1.SummaryStatus;
import dev.modelfamily.api.v1alpha1.TotalsStatus;
import dev.modelfamily.planner.Figures;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The columns of {@code kubectl get}, from nothing but the status itself, so that a wake without change changes none.
 *
 * @param found the member that a search has found; empty where members are listed, and while none fits
 */
record Summaries(
        Pass pass,
        List<MemberStatus> members,
        Optional<PlanStatus> plan,
        TotalsStatus totals,
        Optional<MemberSpec> found) {
    SummaryStatus next() {
        return new SummaryStatus(
                finished() + "/" + members.size(),
                progress(),
                eta(),
                perplexity(),
                totals.gpuSeconds() == 0 ? "" : Figures.hours(totals.gpuSeconds() / 3600.0));
    }

    private long finished() {
        return members.stream()
                .filter(member -> member.state() == MemberState.Succeeded)
                .count();
    }

    /** Of the tokens; of the members, where no member is trained. Skipped ones are no part of the whole. */
    private String progress() {
        if (plan.isEmpty()) {
            return "";
        }
        long all = 0;
        long done = 0;
        for (MemberStatus member : members) {
            if (member.state() != MemberState.Skipped) {
                all += planned(member);
                done += trained(member);
            }
        }
        double share = all == 0 ? (double) finished() / Math.max(1, members.size()) : Math.min(1, (double) done / all);
        return String.format(Locale.ROOT, "%d%%", (int) Math.floor(100 * share));
    }

    private long planned(MemberStatus member) {
        return plan.stream()
                .flatMap(made -> made.members().stream())
                .filter(made -> made.name().equals(member.name()))
                .mapToLong(MemberPlanStatus::tokens)
                .findFirst()
                .orElse(0);
    }

    private long trained(MemberStatus member) {
        return member.state() == MemberState.Succeeded
                ? planned(member)
                : member.optionalProgress().map(ProgressStatus::tokens).orElse(0L);
    }

    /** What runs now, and after it what waits, at the speed of what runs; empty where nothing tells a speed. */
    private String eta() {
        long seconds = -1;
        double speed = 0;
        for (MemberStatus member : members) {
            Optional<ProgressStatus> progress =
                    member.state() == MemberState.Running ? member.optionalProgress() : Optional.empty();
            long left = progress.map(ProgressStatus::secondsLeft).orElse(-1L);
            seconds = Math.max(seconds, left);
            speed = Math.max(speed, progress.map(Summaries::speed).orElse(0.0));
        }
        if (seconds < 0 || speed <= 0) {
            return "";
        }
        long waiting = members.stream()
                .filter(member -> member.state() == MemberState.Pending)
                .mapToLong(this::planned)
                .sum();
        return written(seconds + Math.round(waiting / speed));
    }

    private static double speed(ProgressStatus progress) {
        return progress.tokensPerSecond().matches("[0-9]{1,18}") ? Double.parseDouble(progress.tokensPerSecond()) : 0;
    }

    private static String written(long seconds) {
        long minutes = (seconds + 59) / 60;
        if (minutes < 60) {
            return minutes + "m";
        }
        long hours = minutes / 60;
        return hours < 48 ? hours + "h" + minutes % 60 + "m" : hours / 24 + "d" + hours % 24 + "h";
    }

    private String perplexity() {
        String set = pass.spec().data().evaluation().stream()
                .map(EvaluationSpec::name)
                .findFirst()
                .orElse("");
        return members.stream()
                .filter(member -> member.state() == MemberState.Succeeded)
                .filter(member ->
                        found.map(MemberSpec::name).map(member.name()::equals).orElse(true))
                .flatMap(member -> member.optionalResult().stream())
                .min(Comparator.comparing(ResultStatus::parameters))
                .map(result -> result.perplexity().getOrDefault(set, ""))
                .orElse("");
    }
}
