package dev.modelfamily.api.v1alpha1;

/** A volume that the stages share. */
public record PersistentVolumeClaimStorage(String claimName, String path) {}
