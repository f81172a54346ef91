package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.Optional;

/**
 * One member as it stands.
 *
 * @param attempt 0 before the first
 * @param progress null while no stage runs; read it by {@link #optionalProgress()}
 * @param result null until the stage is finished; read it by {@link #optionalResult()}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record MemberStatus(
        @Required @Size(min = 1, max = 40) @JsonPropertyDescription("The member")
        String name,

        @JsonPropertyDescription("Pending, Blocked (by a gate or a failed member before it), Queued, Running, "
                + "Succeeded, Failed or Skipped")
        MemberState state,

        @Size(max = 80) @JsonPropertyDescription("Why it is in this state, in one word")
        String reason,

        @Size(max = 1024) @JsonPropertyDescription("Why it is in this state, in a sentence")
        String message,

        @Size(max = 80) @JsonPropertyDescription("The stage's identity: a digest of everything that shapes the result")
        String key,

        @Size(max = 253) @JsonPropertyDescription("The Job of the present attempt")
        String job,

        @JsonPropertyDescription("The number of the present attempt, from 1")
        Integer attempt,

        @JsonPropertyDescription("Attempts that the trainer itself reported as failed")
        Integer failures,

        @JsonPropertyDescription("Attempts that ended for no fault of their own: eviction, lost node, preemption")
        Integer disruptions,

        @JsonPropertyDescription("Attempts that went on from a checkpoint")
        Integer resumes,

        @Size(max = 40) @JsonPropertyDescription("When the stage is tried again, as RFC 3339 writes it")
        String retryTime,

        @Size(max = 40) @JsonPropertyDescription("When the first attempt was asked for, as RFC 3339 writes it")
        String startTime,

        @Size(max = 40) @JsonPropertyDescription("Since when the present attempt is seen to run, as RFC 3339 writes it")
        String attemptTime,

        @JsonPropertyDescription("Seconds that the attempts before the present one ran")
        Long ranSeconds,

        @Size(max = 40) @JsonPropertyDescription("When the member was finished, as RFC 3339 writes it")
        String completionTime,

        @JsonPropertyDescription("How far the running stage is")
        ProgressStatus progress,

        @JsonPropertyDescription("What the finished stage made")
        ResultStatus result,

        @Size(max = 512)
        @JsonPropertyDescription("The family and member whose result was taken, as NAMESPACE/FAMILY/MEMBER")
        String reusedFrom,

        @Size(max = 80)
        @JsonPropertyDescription("The version of the trainer that the key was made with; a new one leaves what is done")
        String trainer) {
    public MemberStatus {
        name = Defaults.text(name);
        state = Defaults.or(state, MemberState.Pending);
        reason = Defaults.text(reason);
        message = Defaults.text(message);
        key = Defaults.text(key);
        job = Defaults.text(job);
        attempt = Defaults.or(attempt, 0);
        failures = Defaults.or(failures, 0);
        disruptions = Defaults.or(disruptions, 0);
        resumes = Defaults.or(resumes, 0);
        retryTime = Defaults.text(retryTime);
        startTime = Defaults.text(startTime);
        attemptTime = Defaults.text(attemptTime);
        ranSeconds = Defaults.or(ranSeconds, 0L);
        completionTime = Defaults.text(completionTime);
        reusedFrom = Defaults.text(reusedFrom);
        trainer = Defaults.text(trainer);
    }

    /** A member of which nothing was seen. */
    public static MemberStatus pending(String name) {
        return new MemberStatus(
                name, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null, null);
    }

    public Optional<ProgressStatus> optionalProgress() {
        return Optional.ofNullable(progress);
    }

    public Optional<ResultStatus> optionalResult() {
        return Optional.ofNullable(result);
    }
}
