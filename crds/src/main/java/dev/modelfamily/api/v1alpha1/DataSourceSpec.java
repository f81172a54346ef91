package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Optional;

/**
 * One text corpus, or a weighted mix of several, or texts sampled from the parent; read all by {@link #parts()}.
 *
 * @param uri empty where there is a mix or texts are sampled
 * @param generate null where texts are not sampled
 * @param credentials null where the texts are public; read it by {@link #optionalCredentials()}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(value = Uris.DATA_RULE, fieldPath = ".uri", message = Uris.DATA_MESSAGE)
@ValidationRule(
        value = "[has(self.uri), has(self.mix), has(self.generate)].filter(given, given).size() == 1",
        message = "give one of uri (one corpus), mix (several, each with a weight), generate (sampled from the parent)")
public record DataSourceSpec(
        @Size(min = 1, max = Uris.MAX_LENGTH) @JsonPropertyDescription(Corpus.URI)
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

        @Size(min = 1, max = 16)
        @JsonPropertyDescription(
                "Several corpora instead of one; documents are drawn in proportion to the weights. Default: none")
        List<MixPart> mix,

        @JsonPropertyDescription("Texts sampled from the parent instead of a corpus. Default: none")
        GenerateSpec generate) {
    public DataSourceSpec {
        split = Corpus.split(split, uri, "train");
        format = Defaults.or(format, DataFormat.of(uri));
        uri = Defaults.text(uri);
        revision = Defaults.text(revision);
        subset = Defaults.text(subset);
        textField = Corpus.textField(textField);
        mix = Defaults.list(mix);
    }

    public Optional<SecretRef> optionalCredentials() {
        return Optional.ofNullable(credentials);
    }

    /** The corpora: the parts of the mix, or this one as the only part; sampled texts have a URI that tells all of them. */
    public List<MixPart> parts() {
        String only = generate == null ? uri : generate.uri();
        return mix.isEmpty()
                ? List.of(new MixPart(only, revision, subset, split, format, textField, credentials, 1))
                : mix;
    }
}
