package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Optional;

/**
 * What the user wants, with a default wherever the user wrote nothing.
 *
 * @param training complete
 * @param search null where members are listed; read it by {@link #optionalSearch()}
 * @param storage null for runs on one machine; read it by {@link #optionalStorage()}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "has(self.members) != has(self.search)",
        message = "give either members (the sizes to make) or search (what to look for)")
@ValidationRule(value = Rules.FROM_IS_EARLIER, messageExpression = Rules.FROM_IS_EARLIER_MESSAGE)
@ValidationRule(value = Rules.SIZES_FALL, messageExpression = Rules.SIZES_FALL_MESSAGE)
@ValidationRule(value = Rules.GATES_ARE_MEASURED, messageExpression = Rules.GATES_ARE_MEASURED_MESSAGE)
@ValidationRule(
        value = Rules.SEARCH_IS_MEASURED,
        fieldPath = ".search.evaluation",
        message = "name a set of data.evaluation")
@ValidationRule(
        value = "has(self.storage) || self.parent.uri.startsWith('file:')",
        message = "storage is missing: say where members are kept, such as"
                + " storage: {persistentVolumeClaim: {claimName: models}}")
public record ModelFamilySpec(
        @Required @JsonPropertyDescription("The pre-trained model that the family is made from")
        ParentSpec parent,

        @Required
        @JsonPropertyDescription("The texts: what is trained on, what is measured on, and what calibrates the cuts")
        DataSpec data,

        @JsonPropertyDescription("How a stage cuts and recovers. Default: preset Standard")
        MethodSpec method,

        @JsonPropertyDescription("How a stage trains after the cut; a member may override each field")
        TrainingSpec training,

        @Size(min = 1, max = 32)
        @JsonPropertyDescription(
                "The members to make, the biggest first: each from the one before it, unless it says from."
                        + " Either members or search")
        List<MemberSpec> members,

        @JsonPropertyDescription(
                "Instead of members: what to look for, by bisection of the size. Either members or search")
        SearchSpec search,

        @JsonPropertyDescription("The pod of each stage: image, GPUs, where it runs, its queue")
        TrainerSpec trainer,

        @JsonPropertyDescription("How often a stage may fail, and how long to wait in between")
        RetrySpec retry,

        @JsonPropertyDescription("The longest a pod may wait, a stage may run, the family may take. Default: no limits")
        DeadlinesSpec deadlines,

        @JsonPropertyDescription(
                "Where members and checkpoints live. Needed unless the parent is a file: URI. Cannot change once a member is"
                        + " finished")
        StorageSpec storage,

        @Size(max = 8) @JsonPropertyDescription("Places that finished members are published to. Default: none")
        List<PublishSpec> publish,

        @JsonPropertyDescription("What is kept, and how long")
        RetentionSpec retention,

        @JsonPropertyDescription(
                "Whether to stop the running stage after a checkpoint and start no other; finished members stay."
                        + " Default: false")
        Boolean suspend,

        @JsonPropertyDescription(
                "Run: make the family; Plan: only fill status.plan with what it would cost. Default: Run")
        Mode mode) {
    public ModelFamilySpec {
        method = Defaults.or(method, MethodSpec.DEFAULT);
        training = Defaults.or(training, TrainingSpec.NOTHING).over(TrainingSpec.DEFAULT);
        members = Defaults.list(members);
        trainer = Defaults.or(trainer, TrainerSpec.DEFAULT);
        retry = Defaults.or(retry, RetrySpec.DEFAULT);
        deadlines = Defaults.or(deadlines, DeadlinesSpec.DEFAULT);
        publish = Defaults.list(publish);
        retention = Defaults.or(retention, RetentionSpec.DEFAULT);
        suspend = Defaults.or(suspend, false);
        mode = Defaults.or(mode, Mode.Run);
    }

    /** How a member trains: what it overrides, and the family's training for the rest. Complete. */
    public TrainingSpec trainingOf(MemberSpec member) {
        return member.training().over(training);
    }

    /** The member that the member of an index is made from; empty where that is the parent. */
    public Optional<MemberSpec> originOf(int index) {
        String from = members.get(index).from();
        if (from.isEmpty()) {
            return index == 0 ? Optional.empty() : Optional.of(members.get(index - 1));
        }
        return members.subList(0, index).stream()
                .filter(earlier -> earlier.name().equals(from))
                .findFirst();
    }

    /** The same with other members. */
    public ModelFamilySpec withMembers(List<MemberSpec> others) {
        return new ModelFamilySpec(
                parent, data, method, training, others, search, trainer, retry, deadlines, storage, publish, retention,
                suspend, mode);
    }

    /** The same, to be made or not now, or only planned. */
    public ModelFamilySpec withCourse(boolean suspended, Mode other) {
        return new ModelFamilySpec(
                parent, data, method, training, members, search, trainer, retry, deadlines, storage, publish, retention,
                suspended, other);
    }

    public Optional<SearchSpec> optionalSearch() {
        return Optional.ofNullable(search);
    }

    public Optional<StorageSpec> optionalStorage() {
        return Optional.ofNullable(storage);
    }
}
