package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** Texts sampled from the parent itself, for whoever has none of the kind that it was trained on. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record GenerateSpec(
        @Required
        @Pattern(Units.COUNT)
        @JsonPropertyDescription(
                "How many tokens, rounded up to whole sequences. They are sampled once, when the family is prepared, on the"
                        + " device of the preparation")
        String tokens,

        @Size(min = 1, max = 20)
        @Pattern(Units.TEMPERATURE)
        @JsonPropertyDescription("What logits are divided by; \"1\" for the parent's own distribution. Default: \"1\"")
        String temperature,

        @Min(0) @JsonPropertyDescription("The seed of what is drawn by chance. Default: 0")
        Long seed) {
    /** How the URI of such a corpus begins, where a corpus is told by a URI. */
    public static final String SCHEME = "generate:";

    public GenerateSpec {
        temperature = Defaults.or(temperature, "1");
        seed = Defaults.or(seed, 0L);
    }

    /** {@link #tokens} as a number. */
    public long tokenCount() {
        return Units.count(tokens);
    }

    /** All of it as a URI: the same for the same texts, however they were asked for. */
    public String uri() {
        return SCHEME + "tokens=" + tokenCount() + "&temperature=" + Double.parseDouble(temperature) + "&seed=" + seed;
    }
}
