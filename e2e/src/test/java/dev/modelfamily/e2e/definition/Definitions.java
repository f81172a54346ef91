package dev.modelfamily.e2e.definition;

import dev.modelfamily.e2e.cluster.ControlPlane;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionCondition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The custom resource definition of the project on a control plane. */
final class Definitions {
    private static final Path FILE = Path.of("..", "crds", "modelfamilies.modelfamily.dev.yaml");

    private Definitions() {}

    /** Where the example families live. */
    static final String MODELS = "models";

    /** Installs it, where it is not there yet, with the namespace of the examples, and waits until it is served. */
    static CustomResourceDefinition install(ControlPlane cluster) {
        try (var in = Files.newInputStream(FILE)) {
            CustomResourceDefinition definition = cluster.client()
                    .apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .load(in)
                    .item();
            cluster.client().namespaces().resource(namespace()).createOr(existing -> existing.update());
            cluster.client().resource(definition).createOr(existing -> existing.update());
            return cluster.client()
                    .resource(definition)
                    .waitUntilCondition(
                            one -> one != null && "True".equals(conditions(one).get("Established")),
                            2,
                            TimeUnit.MINUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Namespace namespace() {
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName(MODELS)
                .endMetadata()
                .build();
    }

    /** Status by type of condition. */
    static Map<String, String> conditions(CustomResourceDefinition definition) {
        return Optional.ofNullable(definition.getStatus())
                .map(CustomResourceDefinitionStatus::getConditions)
                .orElse(List.of())
                .stream()
                .collect(Collectors.toMap(
                        CustomResourceDefinitionCondition::getType, CustomResourceDefinitionCondition::getStatus));
    }
}
