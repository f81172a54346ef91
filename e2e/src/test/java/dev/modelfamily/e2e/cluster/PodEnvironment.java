package dev.modelfamily.e2e.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The environment variables of a container. */
final class PodEnvironment {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_]*)\\)");

    private final KubernetesClient client;
    private final Pod pod;

    PodEnvironment(KubernetesClient client, Pod pod) {
        this.client = client;
        this.pod = pod;
    }

    /** All variables: those of the image, and over them those of the pod. */
    Map<String, String> of(Container container, Image image) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        environment.put("HOSTNAME", pod.getMetadata().getName());
        environment.putAll(image.environment());
        for (EnvVar variable : container.getEnv()) {
            value(variable).ifPresent(value -> environment.put(variable.getName(), expand(value, environment)));
        }
        return environment;
    }

    /** Puts values in the place of {@code $(NAME)}; a name that is not known stays as it is. */
    static String expand(String text, Map<String, String> environment) {
        return REFERENCE
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(environment.getOrDefault(found.group(1), found.group())));
    }

    /** A field of the pod, as the downward API names it. */
    static String field(Pod pod, String path) {
        return switch (path) {
            case "metadata.name" -> pod.getMetadata().getName();
            case "metadata.namespace" -> pod.getMetadata().getNamespace();
            case "metadata.uid" -> pod.getMetadata().getUid();
            case "spec.nodeName" -> pod.getSpec().getNodeName();
            case "spec.serviceAccountName" -> pod.getSpec().getServiceAccountName();
            case "status.hostIP", "status.podIP" -> "127.0.0.1";
            default -> labelOrAnnotation(pod, path);
        };
    }

    private static String labelOrAnnotation(Pod pod, String path) {
        Matcher entry =
                Pattern.compile("metadata\\.(labels|annotations)\\['(.+)'\\]").matcher(path);
        if (!entry.matches()) {
            throw new IllegalStateException("the test kubelet does not know the field " + path + " of a pod");
        }
        Map<String, String> entries = entry.group(1).equals("labels")
                ? pod.getMetadata().getLabels()
                : pod.getMetadata().getAnnotations();
        return entries.getOrDefault(entry.group(2), "");
    }

    private Optional<String> value(EnvVar variable) {
        EnvVarSource source = variable.getValueFrom();
        if (source == null) {
            return Optional.of(Optional.ofNullable(variable.getValue()).orElse(""));
        }
        String namespace = pod.getMetadata().getNamespace();
        if (source.getFieldRef() != null) {
            return Optional.of(field(pod, source.getFieldRef().getFieldPath()));
        }
        if (source.getSecretKeyRef() != null) {
            String name = source.getSecretKeyRef().getName();
            Secret secret =
                    client.secrets().inNamespace(namespace).withName(name).get();
            return Optional.ofNullable(secret)
                    .map(one -> one.getData().get(source.getSecretKeyRef().getKey()))
                    .map(data -> new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8));
        }
        if (source.getConfigMapKeyRef() != null) {
            String name = source.getConfigMapKeyRef().getName();
            ConfigMap map =
                    client.configMaps().inNamespace(namespace).withName(name).get();
            return Optional.ofNullable(map)
                    .map(one -> one.getData().get(source.getConfigMapKeyRef().getKey()));
        }
        throw new IllegalStateException("the test kubelet cannot take the variable " + variable.getName()
                + " from where " + pod.getMetadata().getName() + " says");
    }
}
