package dev.modelfamily.api.v1alpha1;

/** Where members and checkpoints live: exactly one of the fields. */
public record StorageSpec(PersistentVolumeClaimStorage persistentVolumeClaim, S3Storage s3) {}
