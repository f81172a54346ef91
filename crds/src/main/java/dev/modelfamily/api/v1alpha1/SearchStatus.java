package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;

/** How far the search of a family has come. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SearchStatus(
        @Size(max = 40) @JsonPropertyDescription("The best member so far that fits; empty while none does")
        String found,

        @Size(max = 20) @JsonPropertyDescription("No size up to this one fits, as far as is known, such as 42.5%")
        String lower,

        @Size(max = 20) @JsonPropertyDescription("Sizes from this one fit, as far as is known, such as 45%")
        String upper,

        @JsonPropertyDescription("Members that were made and measured")
        Integer measured,

        @JsonPropertyDescription("Whether no further member is tried")
        Boolean ended) {
    public SearchStatus {
        found = Defaults.text(found);
        lower = Defaults.text(lower);
        upper = Defaults.text(upper);
        measured = Defaults.or(measured, 0);
        ended = Defaults.or(ended, false);
    }
}
