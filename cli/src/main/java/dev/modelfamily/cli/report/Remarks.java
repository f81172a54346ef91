package dev.modelfamily.cli.report;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.cli.report.ReportData.Member;
import dev.modelfamily.contract.PrepareResult;
import dev.modelfamily.contract.PreparedData;
import dev.modelfamily.planner.Figures;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What the reader of the page must know beyond its figures, a sentence each. */
final class Remarks {
    private final List<String> notes;

    private Remarks(List<String> notes) {
        this.notes = notes;
    }

    /** Adds the remarks on a family behind the notes that are there. */
    static void on(
            ModelFamilyStatus status, List<Member> members, Optional<PrepareResult> prepared, List<String> notes) {
        Remarks remarks = new Remarks(notes);
        remarks.onFamily(status, members);
        members.forEach(member -> {
            status.member(member.name()).ifPresent(known -> remarks.onState(member, known));
            remarks.onCourse(member);
            remarks.onQuality(member);
        });
        prepared.map(PrepareResult::data)
                .ifPresent(data -> data.stream().filter(Objects::nonNull).forEach(remarks::onData));
    }

    private void onFamily(ModelFamilyStatus status, List<Member> members) {
        long finished = members.stream().filter(Member::isFinished).count();
        if (members.isEmpty()) {
            notes.add("No member is known yet.");
        } else if (finished < members.size()) {
            notes.add("This family is unfinished: " + finished + " of " + members.size() + " members are made.");
        }
        status.optionalPreparing()
                .filter(preparing -> preparing.state() == MemberState.Failed)
                .ifPresent(preparing -> notes.add("The preparation failed: " + why(preparing)));
        for (Condition condition : status.conditions()) {
            boolean bad = switch (String.valueOf(condition.getType())) {
                case "Stalled", "Failed", "Suspended" -> "True".equals(condition.getStatus());
                case "QualityGatePassed" -> "False".equals(condition.getStatus());
                default -> false;
            };
            if (bad) {
                notes.add(condition.getType() + " (" + condition.getReason() + "): " + condition.getMessage());
            }
        }
    }

    private void onState(Member member, MemberStatus known) {
        String fate = switch (known.state()) {
            case Failed -> " failed";
            case Blocked -> " is blocked";
            case Skipped -> " was skipped";
            case Pending, Queued, Running, Succeeded -> "";
        };
        if (!fate.isEmpty()) {
            notes.add(member.name() + fate + (why(known).isEmpty() ? "" : ": " + why(known)));
        }
    }

    private static String why(MemberStatus known) {
        return known.message().isEmpty() ? known.reason() : known.message();
    }

    private void onCourse(Member member) {
        List<String> troubles = new ArrayList<>();
        add(troubles, member.course().failures(), "failed attempt");
        add(troubles, member.course().disruptions(), "disruption");
        add(troubles, member.course().resumes(), "resume from a checkpoint");
        if (!troubles.isEmpty()) {
            notes.add(member.name() + " had " + String.join(", ", troubles));
        }
        long planned = member.plan().tokens();
        if (member.isFinished() && planned > 0 && member.tokens() < planned) {
            notes.add(member.name() + " was trained on " + Figures.count(member.tokens()) + " of "
                    + Figures.count(planned) + " planned tokens");
        }
    }

    private static void add(List<String> troubles, int count, String what) {
        if (count > 0) {
            troubles.add(count + " " + (count == 1 ? what : what.replaceFirst("( from|$)", "s$1")));
        }
    }

    private void onQuality(Member member) {
        for (Quality quality : member.quality()) {
            if (quality.after() > quality.before()) {
                notes.add(member.name() + " is worse after recovery than before on " + quality.set() + ": perplexity "
                        + Figures.measured(quality.after()) + " against " + Figures.measured(quality.before()));
            }
        }
    }

    private void onData(PreparedData data) {
        if (data.badLines() > 0 && data.ref() != null) {
            notes.add(data.badLines() + " lines of " + data.ref().name() + " were empty or broken and were left out; "
                    + data.documents() + " documents were read");
        }
    }
}
