package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Optional;

/** One named evaluation set, never part of the training data. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(value = Uris.DATA_RULE, fieldPath = ".uri", message = Uris.DATA_MESSAGE)
public record EvaluationSpec(
        @Required
        @Size(min = 1, max = 40)
        @Pattern(Units.LABEL)
        @JsonPropertyDescription("The name by which gates and reports speak of this set. Example: docs")
        String name,

        @Required @Size(min = 1, max = Uris.MAX_LENGTH) @JsonPropertyDescription(Corpus.URI)
        String uri,

        @Size(max = 200) @JsonPropertyDescription(Corpus.REVISION)
        String revision,

        @Size(max = 200) @JsonPropertyDescription(Corpus.SUBSET)
        String subset,

        @Size(max = 200) @JsonPropertyDescription(Corpus.SPLIT)
        String split,

        @JsonPropertyDescription(Corpus.FORMAT) DataFormat format,

        @Size(min = 1, max = 200) @JsonPropertyDescription(Corpus.TEXT_FIELD)
        String textField,

        @JsonPropertyDescription(Corpus.CREDENTIALS) SecretRef credentials,

        @Min(0)
        @Max(1000000)
        @JsonPropertyDescription(
                "How many windows of training.sequenceLength tokens are measured, from the start of the set; 0 for all."
                        + " Default: 100")
        Integer maxWindows) {
    public EvaluationSpec {
        split = Corpus.split(split, uri, "validation");
        format = Defaults.or(format, DataFormat.of(uri));
        name = Defaults.text(name);
        uri = Defaults.text(uri);
        revision = Defaults.text(revision);
        subset = Defaults.text(subset);
        textField = Corpus.textField(textField);
        maxWindows = Defaults.or(maxWindows, 100);
    }

    public Optional<SecretRef> optionalCredentials() {
        return Optional.ofNullable(credentials);
    }
}
