package dev.modelfamily.e2e.cluster;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.nio.file.Path;

/** Gives every claim of the default storage class a folder of this machine, as the provisioner of a cluster does. */
final class TestVolumes implements AutoCloseable {
    private static final String CLASS = "test-folders";

    private final KubernetesClient client;
    private final Path folder;
    private final SharedIndexInformer<PersistentVolumeClaim> claims;

    TestVolumes(KubernetesClient client, Path folder) {
        this.client = client;
        this.folder = folder;
        client.resource(new StorageClassBuilder()
                        .withNewMetadata()
                        .withName(CLASS)
                        .addToAnnotations("storageclass.kubernetes.io/is-default-class", "true")
                        .endMetadata()
                        .withProvisioner("modelfamily.dev/test")
                        .withReclaimPolicy("Retain")
                        .withVolumeBindingMode("Immediate")
                        .build())
                .create();
        claims = client.persistentVolumeClaims().inAnyNamespace().inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(PersistentVolumeClaim claim) {
                provide(claim);
            }

            @Override
            public void onUpdate(PersistentVolumeClaim before, PersistentVolumeClaim claim) {}

            @Override
            public void onDelete(PersistentVolumeClaim claim, boolean unknown) {
                client.persistentVolumes().withName(name(claim)).delete();
                Folders.delete(folder(claim));
            }
        });
    }

    /** Where the files of a claim are. */
    Path folder(PersistentVolumeClaim claim) {
        return folder.resolve(name(claim));
    }

    @Override
    public void close() {
        claims.close();
    }

    private void provide(PersistentVolumeClaim claim) {
        boolean wanted = CLASS.equals(claim.getSpec().getStorageClassName())
                && claim.getSpec().getVolumeName() == null;
        if (!wanted) {
            return;
        }
        PersistentVolume volume = new PersistentVolumeBuilder()
                .withNewMetadata()
                .withName(name(claim))
                .endMetadata()
                .withNewSpec()
                .withStorageClassName(CLASS)
                .withPersistentVolumeReclaimPolicy("Retain")
                .withAccessModes(claim.getSpec().getAccessModes())
                .withCapacity(claim.getSpec().getResources().getRequests())
                .withNewHostPath()
                .withPath(Folders.create(folder(claim)).toString())
                .endHostPath()
                .withNewClaimRef()
                .withApiVersion("v1")
                .withKind("PersistentVolumeClaim")
                .withNamespace(claim.getMetadata().getNamespace())
                .withName(claim.getMetadata().getName())
                .withUid(claim.getMetadata().getUid())
                .endClaimRef()
                .endSpec()
                .build();
        client.resource(volume).create();
    }

    private static String name(PersistentVolumeClaim claim) {
        return claim.getMetadata().getNamespace() + "-" + claim.getMetadata().getName() + "-"
                + claim.getMetadata().getUid().substring(0, 8);
    }
}
