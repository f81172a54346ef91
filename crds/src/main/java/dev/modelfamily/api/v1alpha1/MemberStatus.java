package dev.modelfamily.api.v1alpha1;

/** One member as it stands. */
public record MemberStatus(
        String name,
        MemberState state,
        String reason,
        String message,
        String key,
        String job,
        Integer attempt,
        Integer failures,
        Integer disruptions,
        Integer resumes,
        String startTime,
        String completionTime,
        ProgressStatus progress,
        ResultStatus result,
        String reusedFrom) {}
