package dev.modelfamily.cli.run;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ModelFamilyStatus;
import dev.modelfamily.contract.ExitCode;
import dev.modelfamily.lifecycle.Attempt;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a run ends when the family is at rest.
 *
 * @param exitCode of the tool
 * @param sentence why the family is not whole; empty where it is
 */
record Ending(int exitCode, String sentence) {
    private static final String STALLED = "Stalled";

    /**
     * The end of a run.
     *
     * @param attempts of this run
     */
    static Ending of(ModelFamilyStatus status, List<Attempt> attempts) {
        return switch (Phase.of(status)) {
            case Succeeded, Planned -> new Ending(0, "");
            case Suspended -> new Ending(0, "the family is suspended: set spec.suspend to false and run again");
            case Failed -> new Ending(codeOfFailure(status, attempts), why(status));
            case Stalled -> new Ending(codeOfProblem(status), why(status));
            case Pending, Preparing, Running ->
                new Ending(ExitCode.BUG.code(), "the run ended before the family was made");
        };
    }

    /** That of the trainer in the last attempt at what has failed; where no attempt failed, it is a quality that was missed. */
    private static int codeOfFailure(ModelFamilyStatus status, List<Attempt> attempts) {
        List<String> failed = Stream.concat(status.optionalPreparing().stream(), status.members().stream())
                .filter(member -> member.state() == MemberState.Failed)
                .map(MemberStatus::key)
                .toList();
        return attempts.stream()
                .filter(attempt -> failed.contains(attempt.key()))
                .flatMap(attempt -> exitCode(attempt.seen()).stream())
                .filter(code -> code != 0)
                .reduce((_, last) -> last)
                .orElse(failed.isEmpty() ? ExitCode.BAD_DATA.code() : ExitCode.BUG.code());
    }

    private static Optional<Integer> exitCode(Attempt.Seen seen) {
        return switch (seen) {
            case Attempt.Seen.Exited exited -> Optional.of(exited.code());
            case Attempt.Seen.Waiting _, Attempt.Seen.Running _, Attempt.Seen.Disrupted _ -> Optional.empty();
        };
    }

    /** A spec that cannot be carried out is a bad order; anything else is bad data, such as a parent of an unknown kind. */
    private static int codeOfProblem(ModelFamilyStatus status) {
        return condition(status)
                .filter(stalled -> "InvalidSpec".equals(stalled.getReason()))
                .map(_ -> ExitCode.BAD_ORDER.code())
                .orElse(ExitCode.BAD_DATA.code());
    }

    private static String why(ModelFamilyStatus status) {
        return condition(status).map(Condition::getMessage).orElse("");
    }

    private static Optional<Condition> condition(ModelFamilyStatus status) {
        return status.conditions().stream()
                .filter(condition -> condition.getType().equals(STALLED))
                .findFirst();
    }
}
