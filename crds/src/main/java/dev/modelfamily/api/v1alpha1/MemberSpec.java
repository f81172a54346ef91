package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Optional;

/**
 * One member to make.
 *
 * @param from empty where the user wrote none; {@link ModelFamilySpec#originOf} resolves it
 * @param training what differs from the family's training; its fields may be null, so read {@link ModelFamilySpec#trainingOf}
 * @param gate null where there is none; read it by {@link #optionalGate()}
 * @param resources null where the trainer's apply; read it by {@link #optionalResources()}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(value = Rules.SIZE_IS_IN_RANGE, fieldPath = ".size", message = Rules.SIZE_IS_IN_RANGE_MESSAGE)
@ValidationRule(
        value = "self.name != 'parent'",
        fieldPath = ".name",
        message = "parent is the name of the family's parent; choose another")
public record MemberSpec(
        @Required
        @Size(min = 1, max = 40)
        @Pattern(Units.LABEL)
        @JsonPropertyDescription(
                "The member's name, once in the family; small letters, digits and hyphens. Example: small")
        String name,

        @Required
        @Size(min = 1, max = 20)
        @Pattern(Units.SIZE)
        @JsonPropertyDescription(
                "How big the member becomes, embeddings included: a share of the parent's parameters (80%, from 5% to 100%)"
                        + " or a count of parameters (3300M, 1.2B). Smaller than the member it is made from")
        String size,

        @Required
        @Pattern(Units.COUNT)
        @JsonPropertyDescription(
                "How many tokens the member is trained on after the cut: 250M, 1B; 0 for a cut without recovery")
        String tokens,

        @Size(min = 1, max = 40)
        @JsonPropertyDescription(
                "The member that this one is made from: the name of an earlier one, or parent. Default: the one before it in"
                        + " the list, for the first the parent")
        String from,

        @JsonPropertyDescription("The quality that this member must have for the family to go on. Default: none")
        GateSpec gate,

        @JsonPropertyDescription("What differs for this member from the family's training. Default: nothing")
        TrainingSpec training,

        @JsonPropertyDescription("Resources of this member's stage. Default: those of the trainer")
        MemberResources resources) {
    /** The name by which {@code from} speaks of the family's parent. */
    public static final String PARENT = "parent";

    public MemberSpec {
        name = Defaults.text(name);
        from = Defaults.text(from);
        training = Defaults.or(training, TrainingSpec.NOTHING);
    }

    /** The parameters of the member. */
    public long parameters(long parametersOfParent) {
        return Units.size(size, parametersOfParent);
    }

    /** {@link #tokens} as a number. */
    public long tokenCount() {
        return Units.count(tokens);
    }

    public Optional<GateSpec> optionalGate() {
        return Optional.ofNullable(gate);
    }

    public Optional<MemberResources> optionalResources() {
        return Optional.ofNullable(resources);
    }
}
