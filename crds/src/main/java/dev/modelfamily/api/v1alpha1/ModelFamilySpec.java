package dev.modelfamily.api.v1alpha1;

import java.util.List;

/** What the user wants. */
public record ModelFamilySpec(
        ParentSpec parent,
        DataSpec data,
        MethodSpec method,
        TrainingSpec training,
        List<MemberSpec> members,
        SearchSpec search,
        TrainerSpec trainer,
        RetrySpec retry,
        DeadlinesSpec deadlines,
        StorageSpec storage,
        List<PublishSpec> publish,
        RetentionSpec retention,
        Boolean suspend,
        Mode mode) {}
