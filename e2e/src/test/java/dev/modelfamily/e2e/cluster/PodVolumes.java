package dev.modelfamily.e2e.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The volumes of a pod as folders of this machine. */
final class PodVolumes {
    private final KubernetesClient client;
    private final Path folder;

    /** @param folder for the volumes that live as long as the pod */
    PodVolumes(KubernetesClient client, Path folder) {
        this.client = client;
        this.folder = folder;
    }

    /**
     * Lines of {@code SOURCE TARGET ro|rw}, divided by tabs, outer mounts before those inside them.
     *
     * @throws MissingException where a volume names something that is not there
     */
    List<String> mounts(Pod pod) {
        Map<String, Path> sources = new HashMap<>();
        pod.getSpec().getVolumes().forEach(volume -> sources.put(volume.getName(), source(volume, pod)));
        return pod.getSpec().getContainers().get(0).getVolumeMounts().stream()
                .sorted((a, b) -> a.getMountPath().compareTo(b.getMountPath()))
                .map(mount -> line(mount, sources.get(mount.getName())))
                .toList();
    }

    private static String line(VolumeMount mount, Path source) {
        Path from = mount.getSubPath() == null ? source : Folders.create(source.resolve(mount.getSubPath()));
        return line(from, mount.getMountPath(), Boolean.TRUE.equals(mount.getReadOnly()));
    }

    /** How {@code container.sh} reads a mount. */
    static String line(Path source, String target, boolean readOnly) {
        return source + "\t" + target + "\t" + (readOnly ? "ro" : "rw");
    }

    private Path source(Volume volume, Pod pod) {
        String namespace = pod.getMetadata().getNamespace();
        Path own = folder.resolve(volume.getName());
        if (volume.getPersistentVolumeClaim() != null) {
            return claim(namespace, volume.getPersistentVolumeClaim().getClaimName());
        }
        if (volume.getHostPath() != null) {
            return Path.of(volume.getHostPath().getPath());
        }
        Folders.create(own);
        if (volume.getEmptyDir() != null) {
            return own;
        }
        if (volume.getConfigMap() != null) {
            show(
                    configMap(namespace, volume.getConfigMap().getName()),
                    volume.getConfigMap().getItems(),
                    volume.getConfigMap().getOptional(),
                    own);
        } else if (volume.getSecret() != null) {
            show(
                    secret(namespace, volume.getSecret().getSecretName()),
                    volume.getSecret().getItems(),
                    volume.getSecret().getOptional(),
                    own);
        } else if (volume.getProjected() != null) {
            project(volume.getProjected(), pod, own);
        } else {
            throw new IllegalStateException("the test kubelet knows no volume such as " + volume.getName() + " of "
                    + pod.getMetadata().getName());
        }
        return own;
    }

    private Path claim(String namespace, String name) {
        PersistentVolumeClaim claim = client.persistentVolumeClaims()
                .inNamespace(namespace)
                .withName(name)
                .get();
        String bound = claim == null ? null : claim.getSpec().getVolumeName();
        PersistentVolume volume = bound == null
                ? null
                : client.persistentVolumes().withName(bound).get();
        if (volume == null) {
            throw new MissingException("persistent volume claim " + name + " is not bound");
        }
        return Path.of(volume.getSpec().getHostPath().getPath());
    }

    private void project(ProjectedVolumeSource projected, Pod pod, Path target) {
        String namespace = pod.getMetadata().getNamespace();
        for (VolumeProjection source : projected.getSources()) {
            if (source.getServiceAccountToken() != null) {
                ServiceAccountTokenProjection token = source.getServiceAccountToken();
                write(target, token.getPath(), token(token, pod).getBytes(StandardCharsets.UTF_8));
            }
            if (source.getConfigMap() != null) {
                show(
                        configMap(namespace, source.getConfigMap().getName()),
                        source.getConfigMap().getItems(),
                        source.getConfigMap().getOptional(),
                        target);
            }
            if (source.getSecret() != null) {
                show(
                        secret(namespace, source.getSecret().getName()),
                        source.getSecret().getItems(),
                        source.getSecret().getOptional(),
                        target);
            }
            if (source.getDownwardAPI() != null) {
                source.getDownwardAPI()
                        .getItems()
                        .forEach(item -> write(
                                target,
                                item.getPath(),
                                PodEnvironment.field(pod, item.getFieldRef().getFieldPath())
                                        .getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    /** A token of the pod's service account, bound to the pod, for an audience. */
    private String token(ServiceAccountTokenProjection token, Pod pod) {
        TokenRequest request = new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(token.getAudience() == null ? List.of() : List.of(token.getAudience()))
                .withExpirationSeconds(token.getExpirationSeconds())
                .withNewBoundObjectRef()
                .withApiVersion("v1")
                .withKind("Pod")
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endBoundObjectRef()
                .endSpec()
                .build();
        return client.serviceAccounts()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getSpec().getServiceAccountName())
                .tokenRequest(request)
                .getStatus()
                .getToken();
    }

    private Content configMap(String namespace, String name) {
        Map<String, byte[]> files = new HashMap<>();
        Optional<ConfigMap> map = Optional.ofNullable(
                client.configMaps().inNamespace(namespace).withName(name).get());
        map.ifPresent(found -> {
            found.getData().forEach((key, text) -> files.put(key, text.getBytes(StandardCharsets.UTF_8)));
            found.getBinaryData()
                    .forEach((key, data) -> files.put(key, Base64.getDecoder().decode(data)));
        });
        return new Content("config map " + name, map.isPresent(), files);
    }

    private Content secret(String namespace, String name) {
        Map<String, byte[]> files = new HashMap<>();
        Optional<Secret> secret = Optional.ofNullable(
                client.secrets().inNamespace(namespace).withName(name).get());
        secret.ifPresent(found -> found.getData()
                .forEach((key, data) -> files.put(key, Base64.getDecoder().decode(data))));
        return new Content("secret " + name, secret.isPresent(), files);
    }

    /** Writes what a config map or a secret holds: all of it, or the chosen keys. */
    private static void show(Content content, List<KeyToPath> items, Boolean optional, Path target) {
        boolean needed = !Boolean.TRUE.equals(optional);
        if (needed && !content.exists()) {
            throw new MissingException(content.name() + " does not exist");
        }
        if (items.isEmpty()) {
            content.files().forEach((key, data) -> write(target, key, data));
        }
        for (KeyToPath item : items) {
            byte[] data = content.files().get(item.getKey());
            if (data != null) {
                write(target, item.getPath(), data);
            } else if (needed) {
                throw new MissingException(content.name() + " has no key " + item.getKey());
            }
        }
    }

    private record Content(String name, boolean exists, Map<String, byte[]> files) {}

    private static void write(Path folder, String path, byte[] data) {
        try {
            Path file = folder.resolve(path);
            Files.createDirectories(file.getParent());
            Files.write(file, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
