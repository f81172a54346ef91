package dev.modelfamily.api.v1alpha1;

/** A bucket, or a prefix in one. */
public record S3Storage(String bucket, String prefix, String endpoint, String region, SecretRef credentials) {}
