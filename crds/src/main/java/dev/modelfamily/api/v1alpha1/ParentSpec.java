package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Optional;

/**
 * The pre-trained model: where it is, at which revision, and the Secret that opens it.
 *
 * @param revision empty for the source's default
 * @param credentials null where the parent is public; read it by {@link #optionalCredentials()}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = Uris.PARENT_RULE,
        fieldPath = ".uri",
        message = "write hf://OWNER/NAME, s3://BUCKET/PATH, pvc://CLAIM/PATH, oci://REGISTRY/NAME:TAG,"
                + " family://NAMESPACE/NAME/MEMBER, or file:PATH for runs on one machine")
public record ParentSpec(
        @Required
        @Size(min = 1, max = Uris.MAX_LENGTH)
        @JsonPropertyDescription(
                "The model to make smaller: a folder as on the Hugging Face Hub (config.json, tokenizer, safetensors) or"
                        + " one GGUF file. Schemes: hf://OWNER/NAME, s3://BUCKET/PATH, pvc://CLAIM/PATH,"
                        + " oci://REGISTRY/NAME:TAG, family://NAMESPACE/NAME/MEMBER (a member of another family), and"
                        + " file:PATH for runs on one machine. Cannot change once a member is finished."
                        + " Example: hf://HuggingFaceTB/SmolLM2-135M")
        String uri,

        @Size(max = 200)
        @JsonPropertyDescription(
                "The branch, tag or commit of the model. The commit it stands for is kept in status.parent.revision."
                        + " Default: the source's default branch")
        String revision,

        @JsonPropertyDescription("The Secret with the token or key that opens the model. Default: none")
        SecretRef credentials) {
    public ParentSpec {
        uri = Defaults.text(uri);
        revision = Defaults.text(revision);
    }

    public Optional<SecretRef> optionalCredentials() {
        return Optional.ofNullable(credentials);
    }
}
