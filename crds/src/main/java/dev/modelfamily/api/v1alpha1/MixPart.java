package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Optional;

/** One part of a mix of training texts, drawn in proportion to its weight. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(value = Uris.DATA_RULE, fieldPath = ".uri", message = Uris.DATA_MESSAGE)
public record MixPart(
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

        @Min(1)
        @Max(1000000)
        @JsonPropertyDescription("The weight relative to the other parts, counted in tokens. Default: 1")
        Integer weight) {
    public MixPart {
        split = Corpus.split(split, uri, "train");
        format = Defaults.or(format, DataFormat.of(uri));
        uri = Defaults.text(uri);
        revision = Defaults.text(revision);
        subset = Defaults.text(subset);
        textField = Corpus.textField(textField);
        weight = Defaults.or(weight, 1);
    }

    public Optional<SecretRef> optionalCredentials() {
        return Optional.ofNullable(credentials);
    }
}
