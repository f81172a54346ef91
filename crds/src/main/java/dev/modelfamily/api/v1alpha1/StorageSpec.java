package dev.modelfamily.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Optional;

/** Where members and checkpoints live: exactly one of the fields. */
@ValidationRule(
        value = "has(self.persistentVolumeClaim) != has(self.s3)",
        message = "give exactly one of persistentVolumeClaim and s3")
public record StorageSpec(
        @JsonPropertyDescription("A volume that all stages can mount. Default: none")
        PersistentVolumeClaimStorage persistentVolumeClaim,

        @JsonPropertyDescription("A bucket of an S3 store. Default: none")
        S3Storage s3) {
    public Optional<PersistentVolumeClaimStorage> optionalPersistentVolumeClaim() {
        return Optional.ofNullable(persistentVolumeClaim);
    }

    public Optional<S3Storage> optionalS3() {
        return Optional.ofNullable(s3);
    }
}
