package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A volume that the stages share. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PersistentVolumeClaimStorage(
        @Required
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$")
        @JsonPropertyDescription("The name of a PersistentVolumeClaim in the family's namespace. Example: models")
        String claimName,

        @Size(max = 512)
        @JsonPropertyDescription(
                "The folder in the volume under which families are kept. Example: team-a. Default: the volume's root")
        String path) {
    public PersistentVolumeClaimStorage {
        path = Defaults.text(path);
    }
}
