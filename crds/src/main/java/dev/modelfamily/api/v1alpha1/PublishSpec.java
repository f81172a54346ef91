package dev.modelfamily.api.v1alpha1;

/** A place that finished members are published to. */
public record PublishSpec(
        String name, String uri, PublishRule rule, String maxParameters, Boolean dense, SecretRef credentials) {}
