package dev.modelfamily.lifecycle;

import dev.modelfamily.api.v1alpha1.MemberState;
import dev.modelfamily.api.v1alpha1.MemberStatus;
import dev.modelfamily.api.v1alpha1.ProgressStatus;
import dev.modelfamily.api.v1alpha1.ResultStatus;
import java.util.Optional;

/** The status of a member, or of the preparation, in the making. Texts are cut to what the schema takes. */
final class Draft {
    private static final int REASON_LENGTH = 80;
    private static final int MESSAGE_LENGTH = 1024;
    private static final int NAME_LENGTH = 253;

    private final MemberStatus base;
    private String name;
    private MemberState state;
    private String reason;
    private String message;
    private String key;
    private String job;
    private int attempt;
    private int failures;
    private int disruptions;
    private int resumes;
    private String retryTime;
    private String startTime;
    private String attemptTime;
    private long ranSeconds;
    private String completionTime;
    private Optional<ProgressStatus> progress;
    private Optional<ResultStatus> result;
    private String reusedFrom;
    private String trainer;

    private Draft(MemberStatus base) {
        this.base = base;
        name = base.name();
        state = base.state();
        reason = base.reason();
        message = base.message();
        key = base.key();
        job = base.job();
        attempt = base.attempt();
        failures = base.failures();
        disruptions = base.disruptions();
        resumes = base.resumes();
        retryTime = base.retryTime();
        startTime = base.startTime();
        attemptTime = base.attemptTime();
        ranSeconds = base.ranSeconds();
        completionTime = base.completionTime();
        progress = base.optionalProgress();
        result = base.optionalResult();
        reusedFrom = base.reusedFrom();
        trainer = base.trainer();
    }

    static Draft of(MemberStatus base) {
        return new Draft(base);
    }

    /** What this was before the draft. */
    MemberStatus base() {
        return base;
    }

    Draft name(String value) {
        name = value;
        return this;
    }

    Draft state(MemberState value, String why, String sentence) {
        state = value;
        reason = cut(why, REASON_LENGTH);
        message = cut(sentence, MESSAGE_LENGTH);
        return this;
    }

    Draft key(String value) {
        key = value;
        return this;
    }

    Draft job(String value) {
        job = cut(value, NAME_LENGTH);
        return this;
    }

    Draft attempt(int value) {
        attempt = value;
        return this;
    }

    Draft failures(int value) {
        failures = value;
        return this;
    }

    Draft disruptions(int value) {
        disruptions = value;
        return this;
    }

    Draft resumes(int value) {
        resumes = value;
        return this;
    }

    Draft retryTime(String value) {
        retryTime = value;
        return this;
    }

    Draft startTime(String value) {
        startTime = value;
        return this;
    }

    Draft attemptTime(String value) {
        attemptTime = value;
        return this;
    }

    Draft ranSeconds(long value) {
        ranSeconds = value;
        return this;
    }

    Draft completionTime(String value) {
        completionTime = value;
        return this;
    }

    Draft progress(Optional<ProgressStatus> value) {
        progress = value;
        return this;
    }

    Draft result(Optional<ResultStatus> value) {
        result = value;
        return this;
    }

    Draft reusedFrom(String value) {
        reusedFrom = value;
        return this;
    }

    Draft trainer(String value) {
        trainer = value;
        return this;
    }

    MemberStatus build() {
        return new MemberStatus(
                name,
                state,
                reason,
                message,
                key,
                job,
                attempt,
                failures,
                disruptions,
                resumes,
                retryTime,
                startTime,
                attemptTime,
                ranSeconds,
                completionTime,
                progress.orElse(null),
                result.orElse(null),
                reusedFrom,
                trainer);
    }

    static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 1) + "…";
    }
}
